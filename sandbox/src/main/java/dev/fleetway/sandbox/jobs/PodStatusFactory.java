package dev.fleetway.sandbox.jobs;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;

/** The status of a pod as a kubelet writes it. */
final class PodStatusFactory {
  private final Container container;
  private final String startTime;

  PodStatusFactory(Pod pod, String startTime) {
    this.container = pod.getSpec().getContainers().get(0);
    this.startTime = startTime;
  }

  PodStatus waiting(String reason, String message) {
    ContainerStatus status =
        container(false)
            .withNewState()
            .withNewWaiting()
            .withReason(reason)
            .withMessage(message)
            .endWaiting()
            .endState()
            .build();
    return pod("Pending", false, status);
  }

  PodStatus running(String now) {
    ContainerStatus status =
        container(true)
            .withStarted(true)
            .withNewState()
            .withNewRunning()
            .withStartedAt(now)
            .endRunning()
            .endState()
            .build();
    return pod("Running", true, status);
  }

  PodStatus terminated(int exitCode, String message, String startedAt, String now) {
    ContainerStatus status =
        container(false)
            .withStarted(false)
            .withNewState()
            .withNewTerminated()
            .withExitCode(exitCode)
            .withReason(exitCode == 0 ? "Completed" : "Error")
            .withMessage(message.isEmpty() ? null : message)
            .withStartedAt(startedAt)
            .withFinishedAt(now)
            .endTerminated()
            .endState()
            .build();
    return pod(exitCode == 0 ? "Succeeded" : "Failed", false, status);
  }

  private ContainerStatusBuilder container(boolean ready) {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID("")
        .withRestartCount(0)
        .withReady(ready);
  }

  private PodStatus pod(String phase, boolean ready, ContainerStatus status) {
    return new PodStatusBuilder()
        .withPhase(phase)
        .withStartTime(startTime)
        .withHostIP("127.0.0.1")
        .withPodIP("127.0.0.1")
        .addToConditions(
            new PodConditionBuilder().withType("PodScheduled").withStatus("True").build())
        .addToConditions(
            new PodConditionBuilder()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .build())
        .withContainerStatuses(status)
        .build();
  }
}
