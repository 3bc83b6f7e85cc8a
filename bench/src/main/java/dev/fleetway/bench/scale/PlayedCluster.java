package dev.fleetway.bench.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Job controller and kubelet: each Job gets a pod, which does its work at once and ends well. */
final class PlayedCluster implements AutoCloseable {
  static final String HEAD_VERSION = "105";

  private static final BundleReport BUNDLE =
      new BundleReport(
          "sha256:" + "0".repeat(64), HEAD_VERSION, 2, List.of("105", "104"), null, List.of());
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final PlayedRunner runner;
  private final ExecutorService machine = Executors.newSingleThreadExecutor();
  private final SharedIndexInformer<Job> jobs;
  private final Map<String, Integer> cohortOf = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> trouble = new CompletableFuture<>();

  private PlayedCluster(KubernetesClient client, PlayedRunner runner, String namespace) {
    this.client = client;
    this.runner = runner;
    this.jobs = client.batch().v1().jobs().inNamespace(namespace).inform(new JobEvents());
  }

  /** Starts; {@code client} must outlive it. */
  static PlayedCluster start(KubernetesClient client, PlayedRunner runner, String namespace) {
    return new PlayedCluster(client, runner, namespace);
  }

  /** The cohort of each tenant that a Job was started for. */
  Map<String, Integer> cohortOf() {
    return Map.copyOf(cohortOf);
  }

  /** Why it could not go on; empty when it can. */
  Optional<String> trouble() {
    return trouble.isCompletedExceptionally()
        ? Optional.of(trouble.handle((nothing, thrown) -> String.valueOf(thrown)).join())
        : Optional.empty();
  }

  private void play(Job job) {
    try {
      Pod pod = client.resource(pod(job)).create();
      end(pod, work(job));
      complete(job);
    } catch (RuntimeException | InterruptedException e) {
      trouble.completeExceptionally(e);
    }
  }

  private TerminationMessage work(Job job) throws InterruptedException {
    if ("inspect".equals(job.getMetadata().getLabels().get("fleetway.dev/component"))) {
      return new TerminationMessage(BUNDLE, null, null);
    }
    Assignment work = assignment(job);
    work.tenants().forEach(member -> cohortOf.put(member.name(), work.cohort()));
    runner.migrate(work);
    return new TerminationMessage(
        null, null, new RunSummary(work.tenants().size(), 0, 0, 0, List.of()));
  }

  private Assignment assignment(Job job) {
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

  private static Pod pod(Job job) {
    PodTemplateSpec template = job.getSpec().getTemplate();
    return new PodBuilder()
        .withNewMetadata()
        .withName(job.getMetadata().getName() + "-0")
        .withNamespace(job.getMetadata().getNamespace())
        .withLabels(template.getMetadata().getLabels())
        .addToLabels("batch.kubernetes.io/job-name", job.getMetadata().getName())
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

  private void end(Pod pod, TerminationMessage lastWord) {
    pod.setStatus(
        new PodStatusBuilder()
            .withPhase("Succeeded")
            .addNewContainerStatus()
            .withName("runner")
            .withImage("runner")
            .withImageID("runner")
            .withReady(false)
            .withRestartCount(0)
            .withNewState()
            .withNewTerminated()
            .withExitCode(PodContract.EXIT_DONE)
            .withMessage(json(lastWord))
            .endTerminated()
            .endState()
            .endContainerStatus()
            .build());
    Pod unused = client.resource(pod).updateStatus();
  }

  private void complete(Job job) {
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
                    .withCompletionTime(now)
                    .withSucceeded(1)
                    .withCompletedIndexes("0")
                    .withConditions(
                        condition("SuccessCriteriaMet", now), condition("Complete", now))
                    .endStatus()
                    .build())
            .updateStatus();
  }

  private static JobCondition condition(String type, String now) {
    return new JobConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason("CompletionsReached")
        .withMessage("Reached expected number of succeeded pods")
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

  @Override
  public void close() {
    jobs.stop();
    machine.shutdown();
  }

  private final class JobEvents implements ResourceEventHandler<Job> {
    @Override
    public void onAdd(Job job) {
      machine.execute(() -> play(job));
    }

    @Override
    public void onUpdate(Job before, Job job) {
      // our own status
    }

    @Override
    public void onDelete(Job job, boolean unknownFinalState) {
      // nobody deletes one here
    }
  }
}
