package dev.fleetway.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MissingPodsTest {

  @Test
  void missesAPodThatWasNeverCreatedAndOneThatWasNotReplaced() {
    assertThat(MissingPods.of(job(1, 0, null), List.of())).isTrue();
    assertThat(MissingPods.of(job(1, 0, null), List.of(Pods.ended("p-0", 75, "Error")))).isTrue();
    assertThat(MissingPods.of(job(1, 0, null), List.of(Pods.running("p-0")))).isFalse();
  }

  @Test
  void missesOneShardBesideAnotherThatWorks() {
    List<Pod> one = List.of(Pods.running("p-0"));
    assertThat(MissingPods.of(job(3, 1, null), one)).isTrue();
    assertThat(MissingPods.of(job(3, 2, null), one)).isFalse();
    assertThat(MissingPods.of(job(3, 1, "2"), one)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      value = {"NULL, 0", "'', 0", "'0', 1", "'1,3-5', 4", "'0-9', 10"},
      nullValues = "NULL")
  void countsFailedIndexes(String text, int count) {
    assertThat(MissingPods.indexes(text)).isEqualTo(count);
  }

  static List<Arguments> refusals() {
    return List.of(
        Arguments.of(
            "Error creating: pods \"v1-c001-a1-0a1b2c-0-\" is forbidden: error looking up service"
                + " account fleet/fleetway-runner: serviceaccount \"fleetway-runner\" not found",
            RunReason.RunnerServiceAccountMissing),
        Arguments.of(
            "Error creating: pods \"v1-c001-a1-0a1b2c-0-x2\" is forbidden: exceeded quota: few,"
                + " requested: pods=1, used: pods=1, limited: pods=1",
            RunReason.QuotaExceeded),
        Arguments.of(
            "Error creating: pods \"v1-c001-a1-0a1b2c-0-x2\" is forbidden: failed quota: few: must"
                + " specify limits.cpu for: runner",
            RunReason.QuotaExceeded),
        Arguments.of(
            "Error creating: pods \"v1-c001-a1-0a1b2c-0-x2\" is forbidden: violates PodSecurity"
                + " \"restricted:latest\": runAsNonRoot != true",
            RunReason.AdmissionRefused),
        Arguments.of(
            "Error creating: admission webhook \"validate.kyverno.svc\" denied the request: no",
            RunReason.AdmissionRefused),
        Arguments.of(
            "Error creating: Internal error occurred: failed calling webhook \"x\": timeout",
            RunReason.AdmissionRefused),
        Arguments.of(
            "Error creating: pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding"
                + " 'b' denied request: no",
            RunReason.AdmissionRefused),
        Arguments.of(
            "Error creating: Pod \"x\" is invalid: spec.nodeSelector", RunReason.PodsNotCreated));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void tellsTheRefusalsApart(String message, RunReason expected) {
    assertThat(MissingPods.reason(message)).isEqualTo(expected);
  }

  private static Job job(int shards, int succeeded, String failedIndexes) {
    return new JobBuilder()
        .withNewSpec()
        .withCompletions(shards)
        .withParallelism(shards)
        .endSpec()
        .withNewStatus()
        .withSucceeded(succeeded)
        .withFailedIndexes(failedIndexes)
        .endStatus()
        .build();
  }
}
