package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A pod that should run on a node that nobody hears of any more. No pod takes its place until the
 * node is back or is declared dead: it may be at work on a tenant all the time. Pure.
 */
final class NodeSilence {
  private NodeSilence() {}

  static Optional<StartTrouble> trouble(Pod pod, Instant now) {
    boolean silent =
        "Unknown".equals(pod.getStatus().getPhase())
            || "NodeLost".equals(pod.getStatus().getReason())
            || OverdueDrain.isOverdue(pod, now)
            || isMarkedNotReady(pod);
    return silent
        ? Optional.of(
            new StartTrouble(
                RunReason.NodeLost,
                "Pod %s: node %s does not answer"
                    .formatted(pod.getMetadata().getName(), OverdueDrain.node(pod))))
        : Optional.empty();
  }

  /**
   * The kubelet takes Ready and ContainersReady back together. The node controller, when a node is
   * silent, only Ready; minutes before the pod is deleted.
   */
  private static boolean isMarkedNotReady(Pod pod) {
    return is(pod, "Ready", "False")
        && is(pod, "ContainersReady", "True")
        && pod.getStatus().getContainerStatuses().stream()
            .map(ContainerStatus::getState)
            .filter(Objects::nonNull)
            .noneMatch(state -> state.getTerminated() != null);
  }

  private static boolean is(Pod pod, String type, String status) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .map(PodCondition::getStatus)
        .anyMatch(status::equals);
  }
}
