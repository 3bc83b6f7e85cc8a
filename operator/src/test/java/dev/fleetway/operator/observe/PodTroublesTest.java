package dev.fleetway.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTroublesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:05:00Z");
  private static final String LATER = "2026-11-21T10:04:00Z";

  @ParameterizedTest
  @CsvSource({
    // exit code, reason of the container, reason of the run
    "137, OOMKilled, PodOutOfMemory",
    "137, Error, PodOutOfMemory",
    "3, Error, PodOutOfMemory",
    "1, OOMKilled, PodOutOfMemory",
    "1, Error, PodCrashed",
    "139, Error, PodCrashed",
    "128, StartError, PodCrashed"
  })
  void readsWhyAPodDidNotStayFromItsExit(int exitCode, String reason, RunReason expected) {
    StartTrouble trouble = only(Pods.ended("p-0", exitCode, reason));
    assertThat(trouble.reason()).isEqualTo(expected);
    assertThat(trouble.message())
        .startsWith("Pod p-0 on node node-7: container runner ended with exit code " + exitCode);
  }

  @Test
  void namesTheMemoryLimitThatWasTooLow() {
    assertThat(only(Pods.ended("p-0", 137, "OOMKilled")).message())
        .isEqualTo(
            "Pod p-0 on node node-7: container runner ended with exit code 137 (OOMKilled) under a"
                + " memory limit of 256Mi");
  }

  @ParameterizedTest
  @CsvSource({"0", "42", "75"})
  void findsNoFaultWithAnOrderlyEnd(int exitCode) {
    assertThat(of(Pods.ended("p-0", exitCode, "Error"))).isEmpty();
  }

  @Test
  void doesNotTakeAKillAtTheEndOfTheGracePeriodForAFullMemory() {
    assertThat(of(Pods.deleted(Pods.ended("p-0", 137, "Error"), Pods.CREATED))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "EvictionByEvictionAPI, PodEvicted",
    "PreemptionByScheduler, PodEvicted",
    "TerminationByKubelet, PodEvicted",
    "DeletionByTaintManager, NodeLost",
    "DeletionByPodGC, NodeLost"
  })
  void readsWhoseDoingADisruptionWas(String by, RunReason expected) {
    StartTrouble trouble = only(Pods.disrupted("p-0", by, "because"));
    assertThat(trouble.reason()).isEqualTo(expected);
    assertThat(trouble.message()).isEqualTo("Pod p-0 on node node-7: " + by + ": because");
  }

  @ParameterizedTest
  @CsvSource({
    "Evicted, PodEvicted",
    "Preempting, PodEvicted",
    "NodeShutdown, PodEvicted",
    "NodeLost, NodeLost",
    "OutOfmemory, PodNotStarted",
    "UnexpectedAdmissionError, PodNotStarted"
  })
  void readsWhatTheNodeSays(String reason, RunReason expected) {
    Pod pod =
        Pods.named("p-0")
            .withNewStatus()
            .withPhase("Failed")
            .withReason(reason)
            .withMessage("The node was low on resource: memory.")
            .endStatus()
            .build();
    assertThat(only(pod).reason()).isEqualTo(expected);
    assertThat(only(pod).message()).endsWith("The node was low on resource: memory.");
  }

  @Test
  void noticesANodeThatDoesNotAnswerBeforeThePodIsDeleted() {
    Pod marked =
        Pods.running("p-0")
            .edit()
            .editStatus()
            .editMatchingCondition(c -> c.getType().equals("Ready"))
            .withStatus("False")
            .endCondition()
            .endStatus()
            .build();
    assertThat(only(marked))
        .isEqualTo(new StartTrouble(RunReason.NodeLost, "Pod p-0: node node-7 does not answer"));
  }

  @Test
  void noticesANodeThatDoesNotAnswerAfterThePodIsDeleted() {
    Pod pod = Pods.running("p-0");
    assertThat(of(Pods.deleted(pod, "2026-11-21T10:04:29Z"))).isPresent();
    assertThat(of(Pods.deleted(pod, "2026-11-21T10:04:30Z"))).isEmpty();
  }

  @Test
  void saysNothingOfAPodThatWorks() {
    assertThat(of(Pods.running("p-0"))).isEmpty();
  }

  @Test
  void showsWhyThePodBeforeEndedWhileTheNextOneStarts() {
    Pod first = Pods.disrupted("p-0", "EvictionByEvictionAPI", "evicting");
    Pod second = Pods.at(Pods.pending("p-1"), LATER);
    assertThat(of(first, second)).map(StartTrouble::reason).contains(RunReason.PodEvicted);
    assertThat(of(second, first)).map(StartTrouble::reason).contains(RunReason.PodEvicted);
  }

  @Test
  void isOverWhenTheNextPodRuns() {
    Pod first = Pods.disrupted("p-0", "EvictionByEvictionAPI", "evicting");
    assertThat(of(first, Pods.at(Pods.running("p-1"), LATER))).isEmpty();
  }

  @Test
  void showsWhatTheNextPodWaitsForRatherThanWhyThereIsOne() {
    Pod first = Pods.disrupted("p-0", "DeletionByTaintManager", "gone");
    Pod second =
        Pods.at(Pods.pending("p-1"), LATER)
            .edit()
            .editStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withMessage("0/3 nodes are available")
            .endCondition()
            .endStatus()
            .build();
    assertThat(of(first, second))
        .contains(new StartTrouble(RunReason.Unschedulable, "pod p-1: 0/3 nodes are available"));
  }

  @Test
  void looksAtEachShardByItself() {
    Pod healthy = Pods.at(Pods.running("p-0"), LATER);
    Pod crashed = Pods.ofIndex(Pods.ended("p-1", 1, "Error"), 1);
    assertThat(of(healthy, crashed)).map(StartTrouble::reason).contains(RunReason.PodCrashed);
  }

  @ParameterizedTest
  @CsvSource({
    "ErrImagePull, ImagePullFailed",
    "ImagePullBackOff, ImagePullFailed",
    "InvalidImageName, ImagePullFailed",
    "CreateContainerConfigError, ContainerNotCreated"
  })
  void readsWhatAContainerWaitsFor(String waiting, RunReason expected) {
    Pod pod =
        Pods.named("p-0")
            .withNewStatus()
            .withPhase("Pending")
            .addNewContainerStatus()
            .withName("runner")
            .withNewState()
            .withNewWaiting()
            .withReason(waiting)
            .withMessage("nowhere/x:1")
            .endWaiting()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
    assertThat(only(pod))
        .isEqualTo(new StartTrouble(expected, "pod p-0: " + waiting + ": nowhere/x:1"));
  }

  private static StartTrouble only(Pod pod) {
    return of(pod).orElseThrow();
  }

  private static Optional<StartTrouble> of(Pod... pods) {
    return PodTroubles.of(List.of(pods), NOW);
  }
}
