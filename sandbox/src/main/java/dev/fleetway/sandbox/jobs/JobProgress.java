package dev.fleetway.sandbox.jobs;

import java.util.Set;
import java.util.TreeSet;

/**
 * Where a Job stands, as its status will say it.
 *
 * @param active pods that have not ended
 * @param ready those of them that run
 * @param succeeded pods that ended well
 * @param failed pods that ended badly and count
 * @param completedIndexes indexes that are done
 * @param failedIndexes indexes that used up their tries
 * @param end why the Job is ending or has ended; null while it goes on
 * @param settled no pod is left; only then is the end final
 */
record JobProgress(
    int active,
    int ready,
    int succeeded,
    int failed,
    Set<Integer> completedIndexes,
    Set<Integer> failedIndexes,
    End end,
    boolean settled) {

  JobProgress {
    completedIndexes = new TreeSet<>(completedIndexes);
    failedIndexes = new TreeSet<>(failedIndexes);
  }

  /**
   * The end of a Job, in the words of the Job controller.
   *
   * @param success Complete, else Failed
   * @param reason reason of the condition
   * @param message message of the condition
   */
  record End(boolean success, String reason, String message) {
    static final End REACHED =
        new End(true, "CompletionsReached", "Reached expected number of succeeded pods");
    static final End DEADLINE =
        new End(false, "DeadlineExceeded", "Job was active longer than specified deadline");
    static final End FAILED_INDEXES = new End(false, "FailedIndexes", "Job has failed indexes");
    static final End BACKOFF_LIMIT =
        new End(false, "BackoffLimitExceeded", "Job has reached the specified backoff limit");

    static End policy(String message) {
      return new End(false, "PodFailurePolicy", message);
    }
  }
}
