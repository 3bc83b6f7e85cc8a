package dev.fleetway.sandbox.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A Job whose one pod is played: there is no process, and what Job controller and kubelet write of
 * its life is written when the player says so. For tests and measurements of the operator.
 */
public record PlayedJob(KubernetesClient client, Job job) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whether it looks at a bundle; otherwise it works on a cohort. */
  public static boolean isInspection(Job job) {
    return "inspect".equals(label(job, "component"));
  }

  /** The operator's label {@code fleetway.dev/<name>}. */
  public static String label(Job job, String name) {
    return job.getMetadata().getLabels().get("fleetway.dev/" + name);
  }

  /** Whom it migrates. */
  public Assignment assignment() {
    String text =
        client
            .configMaps()
            .inNamespace(job.getMetadata().getNamespace())
            .withName(job.getMetadata().getName())
            .require()
            .getData()
            .get("assignment.json");
    try {
      return JSON.readValue(text, Assignment.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its pod appears. */
  public Pod start() {
    return client.resource(pod()).create();
  }

  /** Its pod as it is now. */
  public Pod now() {
    return client.resource(pod()).require();
  }

  /** Its pod comes, reports this bundle and ends, and so does the Job. */
  public void inspected(BundleReport bundle) {
    complete(start(), new TerminationMessage(bundle, null, null));
  }

  /** The pod has done everything, and the Job is complete. */
  public void complete(Pod pod, TerminationMessage lastWord) {
    end(pod, "Succeeded", PodContract.EXIT_DONE, json(lastWord));
    end(true);
  }

  /** The pod was interrupted, and the Job has failed. */
  public void fail(Pod pod, String lastWord) {
    end(pod, "Failed", PodContract.EXIT_INTERRUPTED, lastWord);
    end(false);
  }

  private void end(Pod pod, String phase, int exitCode, String lastWord) {
    pod.setStatus(
        new PodStatusBuilder()
            .withPhase(phase)
            .addNewContainerStatus()
            .withName("runner")
            .withImage("runner")
            .withImageID("runner")
            .withReady(false)
            .withRestartCount(0)
            .withNewState()
            .withNewTerminated()
            .withExitCode(exitCode)
            .withMessage(lastWord)
            .endTerminated()
            .endState()
            .endContainerStatus()
            .build());
    Pod unused = client.resource(pod).updateStatus();
  }

  /** The Job comes to rest, whatever its pod does. */
  public void end(boolean success) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Job unused =
        client
            .resource(
                new JobBuilder(job)
                    .editMetadata()
                    .withResourceVersion(null)
                    .endMetadata()
                    .withNewStatus()
                    .withStartTime(now)
                    .withCompletionTime(success ? now : null)
                    .withSucceeded(success ? 1 : null)
                    .withCompletedIndexes(success ? "0" : null)
                    .withFailed(success ? null : 1)
                    .withConditions(
                        condition(success ? "SuccessCriteriaMet" : "FailureTarget", now),
                        condition(success ? "Complete" : "Failed", now))
                    .endStatus()
                    .build())
            .updateStatus();
  }

  // Without a node: the API server then deletes it at once, and waits for no kubelet.
  private Pod pod() {
    PodTemplateSpec template = job.getSpec().getTemplate();
    return new PodBuilder()
        .withNewMetadata()
        .withName(job.getMetadata().getName() + "-0")
        .withNamespace(job.getMetadata().getNamespace())
        .withLabels(template.getMetadata().getLabels())
        .addToLabels(PodFactory.JOB_NAME, job.getMetadata().getName())
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  private static JobCondition condition(String type, String now) {
    return new JobConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason("Played")
        .withMessage("as it is played")
        .withLastTransitionTime(now)
        .build();
  }

  private static String json(TerminationMessage lastWord) {
    try {
      return JSON.writeValueAsString(lastWord);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
