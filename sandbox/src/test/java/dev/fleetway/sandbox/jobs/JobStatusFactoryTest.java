package dev.fleetway.sandbox.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobStatusFactoryTest {
  private static final String NOW = "2026-11-21T10:00:00Z";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"0; 0", "0 1; 0,1", "0 1 2; 0-2", "0 2; 0,2", "1 2 3 5 7 8; 1-3,5,7,8"})
  void writesIndexesAsTheJobControllerDoes(String indexes, String text) {
    List<Integer> numbers = Stream.of(indexes.split(" ")).map(Integer::valueOf).toList();

    assertThat(JobStatusFactory.ranges(numbers)).isEqualTo(text);
  }

  @Test
  void saysFailureTargetWhilePodsEndAndFailedWhenTheyHave() {
    JobStatus ending =
        JobStatusFactory.next(null, progress(1, JobProgress.End.DEADLINE, false), NOW, true, NOW);
    JobStatus ended =
        JobStatusFactory.next(ending, progress(0, JobProgress.End.DEADLINE, true), NOW, true, NOW);

    assertThat(ending.getConditions())
        .extracting(condition -> condition.getType())
        .containsExactly("FailureTarget");
    assertThat(ended.getConditions())
        .extracting(condition -> condition.getType())
        .containsExactly("FailureTarget", "Failed");
    assertThat(ended.getCompletionTime()).as("only complete Jobs have one").isNull();
  }

  private static JobProgress progress(int active, JobProgress.End end, boolean settled) {
    return new JobProgress(active, 0, 0, 1 - active, Set.of(), Set.of(), end, settled);
  }
}
