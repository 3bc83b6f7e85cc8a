package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A pod that was told to end and is still there when its time is up: its node is gone or does not
 * answer, and nobody knows whether it works on. Pure.
 */
final class OverdueDrain {
  /** What a kubelet may take beyond the grace period to say that a pod is gone. */
  private static final Duration SLACK = Duration.ofSeconds(30);

  private OverdueDrain() {}

  /** The first of these pods that is overdue, by name. */
  static Optional<StartTrouble> of(List<Pod> pods, Instant now) {
    return pods.stream()
        .filter(JobReader::isLive)
        .filter(pod -> isOverdue(pod, now))
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .findFirst()
        .map(pod -> new StartTrouble(RunReason.DrainOverdue, describe(pod)));
  }

  /** The API server puts the grace period into the timestamp: it is when the pod shall be gone. */
  static boolean isOverdue(Pod pod, Instant now) {
    String deadline = pod.getMetadata().getDeletionTimestamp();
    return deadline != null && now.isAfter(Instant.parse(deadline).plus(SLACK));
  }

  static String describe(Pod pod) {
    return "Pod %s on node %s should have been gone at %s"
        .formatted(
            pod.getMetadata().getName(), node(pod), pod.getMetadata().getDeletionTimestamp());
  }

  static String node(Pod pod) {
    return Objects.requireNonNullElse(
        pod.getSpec() == null ? null : pod.getSpec().getNodeName(), "(none)");
  }
}
