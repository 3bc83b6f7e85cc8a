package dev.fleetway.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Pods as the API server shows them; the shapes were seen on a cluster. */
final class Pods {
  static final String CREATED = "2026-11-21T10:00:00Z";

  private Pods() {}

  static PodBuilder named(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withCreationTimestamp(CREATED)
        .withLabels(Map.of("batch.kubernetes.io/job-completion-index", "0"))
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-7")
        .addNewContainer()
        .withName("runner")
        .withNewResources()
        .addToLimits("memory", new Quantity("256Mi"))
        .endResources()
        .endContainer()
        .endSpec();
  }

  static Pod running(String name) {
    return named(name)
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .addNewCondition()
        .withType("ContainersReady")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  static Pod pending(String name) {
    return named(name).withNewStatus().withPhase("Pending").endStatus().build();
  }

  static Pod ended(String name, int exitCode, String reason) {
    return named(name)
        .withNewStatus()
        .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
        .addNewContainerStatus()
        .withName("runner")
        .withNewState()
        .withNewTerminated()
        .withExitCode(exitCode)
        .withReason(reason)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  static Pod disrupted(String name, String reason, String message) {
    return ended(name, 75, "Error")
        .edit()
        .editStatus()
        .addNewCondition()
        .withType("DisruptionTarget")
        .withStatus("True")
        .withReason(reason)
        .withMessage(message)
        .endCondition()
        .endStatus()
        .build();
  }

  static Pod at(Pod pod, String created) {
    return pod.edit().editMetadata().withCreationTimestamp(created).endMetadata().build();
  }

  static Pod deleted(Pod pod, String deadline) {
    return pod.edit().editMetadata().withDeletionTimestamp(deadline).endMetadata().build();
  }

  static Pod ofIndex(Pod pod, int index) {
    return pod.edit()
        .editMetadata()
        .addToLabels("batch.kubernetes.io/job-completion-index", Integer.toString(index))
        .endMetadata()
        .build();
  }
}
