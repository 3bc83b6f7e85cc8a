package dev.fleetway.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.operator.model.JobState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobReaderTest {
  private static final Job TWO_SHARDS =
      new JobBuilder()
          .withNewMetadata()
          .withName("v112-c001-a1-0a1b2c")
          .endMetadata()
          .withNewSpec()
          .withCompletions(2)
          .endSpec()
          .build();

  private static final String NOT_STARTED =
      """
      {"summary":{"succeeded":1,"alreadyCurrent":0,"failed":2,"notStarted":4,"inFlight":["a"]}}""";
  private static final String IN_FLIGHT =
      """
      {"summary":{"succeeded":3,"alreadyCurrent":1,"failed":0,"notStarted":0,"inFlight":["b","c"]}}""";

  @Test
  void addsUpWhatTheShardsLeftBehind() {
    JobState state = read(TWO_SHARDS, List.of(ended(0, 1, NOT_STARTED), ended(1, 1, IN_FLIGHT)));
    assertThat(state.lastWord().orElseThrow().summary())
        .isEqualTo(new RunSummary(4, 1, 2, 4, List.of("a", "b", "c")));
  }

  @Test
  void takesTheNewestPodOfEachShard() {
    JobState state =
        read(
            TWO_SHARDS,
            List.of(ended(0, 1, NOT_STARTED), ended(0, 2, IN_FLIGHT), ended(1, 1, "garbled")));
    assertThat(state.lastWord().orElseThrow().summary().inFlight()).containsExactly("b", "c");
  }

  @Test
  void findsThePermanentErrorOfAnyShard() {
    JobState state =
        read(
            TWO_SHARDS,
            List.of(
                ended(0, 2, IN_FLIGHT),
                ended(1, 1, "{\"error\":{\"reason\":\"BundleChanged\",\"message\":\"differs\"}}")));
    assertThat(state.error().orElseThrow().reason()).isEqualTo("BundleChanged");
    assertThat(state.lastWord().orElseThrow().summary().succeeded()).isEqualTo(3);
  }

  @Test
  void isHeardWhenEveryShardLeftAWord() {
    List<Pod> both = List.of(ended(0, 1, NOT_STARTED), ended(1, 1, IN_FLIGHT));
    assertThat(JobReader.isHeard(TWO_SHARDS, both)).isTrue();
    assertThat(JobReader.isHeard(TWO_SHARDS, both.subList(0, 1))).isFalse();
    assertThat(
            JobReader.isHeard(
                TWO_SHARDS, List.of(ended(0, 1, NOT_STARTED), ended(0, 2, IN_FLIGHT))))
        .as("two pods of one shard")
        .isFalse();
  }

  private static JobState read(Job job, List<Pod> pods) {
    return JobReader.read(job, pods, Instant.parse("2026-01-01T00:10:00Z"));
  }

  private static Pod ended(int shard, int minute, String message) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("pod-%d-%d".formatted(shard, minute))
        .withCreationTimestamp("2026-01-01T00:0%d:00Z".formatted(minute))
        .addToAnnotations("batch.kubernetes.io/job-completion-index", Integer.toString(shard))
        .endMetadata()
        .withNewStatus()
        .withPhase("Succeeded")
        .addNewContainerStatus()
        .withName("runner")
        .withNewState()
        .withNewTerminated()
        .withExitCode(0)
        .withMessage(message)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
