package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Pods that a Job should have and that the Job controller does not, or cannot, create. Pure. */
final class MissingPods {
  private MissingPods() {}

  /** Has the Job fewer live pods than it has indexes to finish? */
  static boolean of(Job job, List<Pod> pods) {
    int completions = Objects.requireNonNullElse(job.getSpec().getCompletions(), 1);
    int parallelism = Objects.requireNonNullElse(job.getSpec().getParallelism(), 1);
    int done =
        job.getStatus() == null
            ? 0
            : Objects.requireNonNullElse(job.getStatus().getSucceeded(), 0)
                + indexes(job.getStatus().getFailedIndexes());
    long live = pods.stream().filter(JobReader::isLive).count();
    return live < Math.min(parallelism, completions - done);
  }

  /** How many indexes a text such as {@code 1,3-5} names. */
  static int indexes(String text) {
    return text == null || text.isBlank()
        ? 0
        : Arrays.stream(text.split(",", -1))
            .map(range -> range.strip().split("-", -1))
            .mapToInt(
                range -> Integer.parseInt(range[range.length - 1]) - Integer.parseInt(range[0]) + 1)
            .sum();
  }

  /** What the words of a FailedCreate event are about. */
  static RunReason reason(String message) {
    if (message.contains("serviceaccount") && message.contains("not found")) {
      return RunReason.RunnerServiceAccountMissing;
    }
    if (message.contains("exceeded quota") || message.contains("failed quota")) {
      return RunReason.QuotaExceeded;
    }
    return message.contains("violates PodSecurity")
            || message.contains("webhook")
            || message.contains("denied request")
            || message.contains("denied the request")
        ? RunReason.AdmissionRefused
        : RunReason.PodsNotCreated;
  }
}
