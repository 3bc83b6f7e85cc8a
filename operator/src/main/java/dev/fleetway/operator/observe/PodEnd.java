package dev.fleetway.operator.observe;

import dev.fleetway.api.pod.PodContract;
import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Why a pod failed that nobody told to end. Pure. */
final class PodEnd {
  private static final int SIGKILL = 137;

  /** What a JVM with ExitOnOutOfMemoryError ends with, as the runner's image has it. */
  private static final int HEAP_FULL = 3;

  /** 42 fails the Job, whose condition then says why; 75 is a pod that was told to end. */
  private static final Set<Integer> ORDERLY =
      Set.of(PodContract.EXIT_DONE, PodContract.EXIT_PERMANENT, PodContract.EXIT_INTERRUPTED);

  private static final Set<String> BY_THE_NODE =
      Set.of("Evicted", "Preempting", "Shutdown", "NodeShutdown", "Terminated");

  private static final Set<String> OF_A_LOST_NODE =
      Set.of("DeletionByTaintManager", "DeletionByPodGC");

  private PodEnd() {}

  static Optional<StartTrouble> trouble(Pod pod) {
    if (pod.getStatus() == null || !"Failed".equals(pod.getStatus().getPhase())) {
      return Optional.empty();
    }
    return disruption(pod).or(() -> byTheNode(pod)).or(() -> byExit(pod));
  }

  private static Optional<StartTrouble> disruption(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> "DisruptionTarget".equals(c.getType()) && "True".equals(c.getStatus()))
        .findFirst()
        .map(c -> disruption(pod, c));
  }

  private static StartTrouble disruption(Pod pod, PodCondition condition) {
    boolean nodeLost =
        OF_A_LOST_NODE.contains(condition.getReason())
            || "NodeLost".equals(pod.getStatus().getReason());
    return new StartTrouble(
        nodeLost ? RunReason.NodeLost : RunReason.PodEvicted,
        "%s: %s: %s".formatted(where(pod), condition.getReason(), condition.getMessage()));
  }

  private static Optional<StartTrouble> byTheNode(Pod pod) {
    String reason = Objects.requireNonNullElse(pod.getStatus().getReason(), "");
    RunReason found =
        BY_THE_NODE.contains(reason)
            ? RunReason.PodEvicted
            : reason.equals("NodeLost")
                ? RunReason.NodeLost
                // the kubelet did not admit what the scheduler gave it
                : reason.startsWith("OutOf")
                        || reason.startsWith("NodeAffinity")
                        || reason.equals("UnexpectedAdmissionError")
                    ? RunReason.PodNotStarted
                    : null;
    return Optional.ofNullable(found)
        .map(
            known ->
                new StartTrouble(
                    known,
                    "%s: %s: %s".formatted(where(pod), reason, pod.getStatus().getMessage())));
  }

  private static Optional<StartTrouble> byExit(Pod pod) {
    return Stream.concat(
            pod.getStatus().getContainerStatuses().stream(),
            pod.getStatus().getInitContainerStatuses().stream())
        .flatMap(container -> terminated(container).map(end -> byExit(pod, container, end)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Stream<ContainerStateTerminated> terminated(ContainerStatus container) {
    return Stream.of(
            Optional.ofNullable(container.getState()),
            Optional.ofNullable(container.getLastState()))
        .flatMap(Optional::stream)
        .map(ContainerState::getTerminated)
        .filter(Objects::nonNull);
  }

  private static Optional<StartTrouble> byExit(
      Pod pod, ContainerStatus container, ContainerStateTerminated end) {
    int code = end.getExitCode();
    boolean toldToEnd = pod.getMetadata().getDeletionTimestamp() != null;
    boolean killed = "OOMKilled".equals(end.getReason()) || (code == SIGKILL && !toldToEnd);
    if (killed || (code == HEAP_FULL && container.getName().equals(JobReader.RUNNER_CONTAINER))) {
      return Optional.of(
          new StartTrouble(
              RunReason.PodOutOfMemory,
              "%s: container %s ended with exit code %d%s%s"
                  .formatted(
                      where(pod),
                      container.getName(),
                      code,
                      end.getReason() == null ? "" : " (" + end.getReason() + ")",
                      memoryLimit(pod, container.getName()))));
    }
    return ORDERLY.contains(code) || toldToEnd
        ? Optional.empty()
        : Optional.of(
            new StartTrouble(
                RunReason.PodCrashed,
                "%s: container %s ended with exit code %d"
                    .formatted(where(pod), container.getName(), code)));
  }

  private static String memoryLimit(Pod pod, String container) {
    List<Container> containers = pod.getSpec() == null ? List.of() : pod.getSpec().getContainers();
    return containers.stream()
        .filter(c -> c.getName().equals(container) && c.getResources() != null)
        .map(c -> c.getResources().getLimits())
        .filter(Objects::nonNull)
        .map(limits -> limits.get("memory"))
        .filter(Objects::nonNull)
        .map(Quantity::toString)
        .map(" under a memory limit of %s"::formatted)
        .findFirst()
        .orElse("");
  }

  private static String where(Pod pod) {
    return "Pod %s on node %s".formatted(pod.getMetadata().getName(), OverdueDrain.node(pod));
  }
}
