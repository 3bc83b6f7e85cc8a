package dev.fleetway.sandbox.jobs;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;

/** The pod of one completion index, as the Job controller builds it from the template. */
final class PodFactory {
  static final String INDEX = "batch.kubernetes.io/job-completion-index";
  static final String JOB_NAME = "batch.kubernetes.io/job-name";

  static final String JOB_UID = "batch.kubernetes.io/controller-uid";

  /** The one node of this machine: pods that have a node are deleted with grace time. */
  private static final String NODE = "sandbox";

  private PodFactory() {}

  static Pod pod(Job job, int index, int failures, String suffix) {
    PodTemplateSpec template = job.getSpec().getTemplate();
    String name = job.getMetadata().getName() + "-" + index;
    List<Container> containers =
        template.getSpec().getContainers().stream()
            .map(container -> withIndex(container, index))
            .toList();
    return new PodBuilder()
        .withNewMetadata()
        .withName(name + "-" + suffix)
        .withNamespace(job.getMetadata().getNamespace())
        .withLabels(template.getMetadata() == null ? null : template.getMetadata().getLabels())
        .addToLabels(
            Map.of(
                JOB_NAME,
                job.getMetadata().getName(),
                JOB_UID,
                job.getMetadata().getUid(),
                INDEX,
                String.valueOf(index)))
        .addToAnnotations(INDEX, String.valueOf(index))
        .addToAnnotations("batch.kubernetes.io/job-index-failure-count", String.valueOf(failures))
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .endMetadata()
        .withSpec(
            new PodSpecBuilder(template.getSpec())
                .withHostname(name)
                .withNodeName(NODE)
                .withContainers(containers)
                .build())
        .build();
  }

  private static Container withIndex(Container container, int index) {
    return new ContainerBuilder(container)
        .addNewEnv()
        .withName("JOB_COMPLETION_INDEX")
        .withValue(String.valueOf(index))
        .endEnv()
        .build();
  }
}
