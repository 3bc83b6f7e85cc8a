package dev.fleetway.sandbox.jobs;

import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;

/** The status of a Job as the Job controller of Kubernetes 1.34 writes it. */
final class JobStatusFactory {
  private JobStatusFactory() {}

  /**
   * The next status. Conditions that are there stay as they are; {@code perIndex} says that the Job
   * has a limit per index, without which failed indexes must not be named.
   */
  static JobStatus next(
      JobStatus before, JobProgress progress, String startTime, boolean perIndex, String now) {
    List<JobCondition> conditions =
        new ArrayList<>(before == null ? List.of() : before.getConditions());
    JobProgress.End end = progress.end();
    if (end != null) {
      add(conditions, end.success() ? "SuccessCriteriaMet" : "FailureTarget", end, now);
      if (progress.settled()) {
        add(conditions, end.success() ? "Complete" : "Failed", end, now);
      }
    }
    JobStatusBuilder status =
        new JobStatusBuilder()
            .withStartTime(startTime)
            .withActive(progress.active() == 0 ? null : progress.active())
            .withReady(progress.ready())
            .withTerminating(0)
            .withSucceeded(progress.succeeded() == 0 ? null : progress.succeeded())
            .withFailed(progress.failed() == 0 ? null : progress.failed())
            .withCompletedIndexes(
                progress.completedIndexes().isEmpty() ? null : ranges(progress.completedIndexes()))
            .withNewUncountedTerminatedPods()
            .endUncountedTerminatedPods()
            .withConditions(conditions);
    if (perIndex) {
      status.withFailedIndexes(ranges(progress.failedIndexes()));
    }
    // only a complete Job has a completion time
    if (end != null && end.success() && progress.settled()) {
      boolean known = before != null && before.getCompletionTime() != null;
      status.withCompletionTime(known ? before.getCompletionTime() : now);
    }
    return status.build();
  }

  private static void add(
      List<JobCondition> conditions, String type, JobProgress.End end, String now) {
    if (conditions.stream().noneMatch(condition -> condition.getType().equals(type))) {
      conditions.add(
          new JobConditionBuilder()
              .withType(type)
              .withStatus("True")
              .withReason(end.reason())
              .withMessage(end.message())
              .withLastProbeTime(now)
              .withLastTransitionTime(now)
              .build());
    }
  }

  /** Indexes in the Job controller's notation, such as {@code 0-2,5}. */
  static String ranges(Collection<Integer> sorted) {
    StringJoiner text = new StringJoiner(",");
    int first = -1;
    int last = -1;
    for (int index : sorted) {
      if (first >= 0 && index != last + 1) {
        text.add(range(first, last));
        first = index;
      }
      first = first < 0 ? index : first;
      last = index;
    }
    if (first >= 0) {
      text.add(range(first, last));
    }
    return text.toString();
  }

  private static String range(int first, int last) {
    return first == last
        ? String.valueOf(first)
        : last == first + 1 ? first + "," + last : first + "-" + last;
  }
}
