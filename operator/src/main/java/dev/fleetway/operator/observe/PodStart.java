package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What a pod waits for, where the kubelet or the scheduler names it in the pod. Pure. */
final class PodStart {
  private PodStart() {}

  static Optional<StartTrouble> trouble(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return Stream.concat(waiting(pod), scheduling(pod)).findFirst();
  }

  private static Stream<StartTrouble> waiting(Pod pod) {
    return Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream())
        .filter(container -> container.getState() != null)
        .map(ContainerStatus::getState)
        .map(state -> state.getWaiting())
        .filter(Objects::nonNull)
        .flatMap(waiting -> waiting(pod, waiting).stream());
  }

  private static Optional<StartTrouble> waiting(Pod pod, ContainerStateWaiting waiting) {
    RunReason reason =
        switch (Objects.requireNonNullElse(waiting.getReason(), "")) {
          case "ErrImagePull",
              "ImagePullBackOff",
              "InvalidImageName",
              "ErrImageNeverPull",
              "ImageInspectError",
              "RegistryUnavailable",
              "SignatureValidationFailed" ->
              RunReason.ImagePullFailed;
          case "CreateContainerConfigError",
              "CreateContainerError",
              "PreCreateHookError",
              "RunContainerError" ->
              RunReason.ContainerNotCreated;
          default -> null;
        };
    return Optional.ofNullable(reason)
        .map(
            found ->
                new StartTrouble(
                    found,
                    "pod %s: %s: %s"
                        .formatted(
                            pod.getMetadata().getName(),
                            waiting.getReason(),
                            waiting.getMessage())));
  }

  private static Stream<StartTrouble> scheduling(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
        .map(
            c ->
                new StartTrouble(
                    RunReason.Unschedulable,
                    "pod %s: %s".formatted(pod.getMetadata().getName(), c.getMessage())));
  }
}
