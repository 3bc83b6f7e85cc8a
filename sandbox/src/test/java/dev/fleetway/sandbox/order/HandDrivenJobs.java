package dev.fleetway.sandbox.order;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The Jobs of a namespace: inspections end by themselves, cohorts when a test says so. */
final class HandDrivenJobs implements AutoCloseable {
  private static final String HEAD = "2";
  private static final String NOW = "2026-01-01T00:00:00Z";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final BundleReport BUNDLE =
      new BundleReport("sha256:" + "0".repeat(64), HEAD, 2, List.of("2", "1"), null, List.of());

  private final KubernetesClient client;
  private final String namespace;
  private final ExecutorService kubelet = Executors.newSingleThreadExecutor();
  private final SharedIndexInformer<Job> jobs;

  HandDrivenJobs(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.jobs = client.batch().v1().jobs().inNamespace(namespace).inform(new Inspections());
  }

  /** The Jobs of cohorts that have not ended. */
  List<Job> atWork() {
    return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .filter(job -> "cohort".equals(label(job, "component")))
        .filter(job -> job.getStatus() == null || job.getStatus().getConditions().isEmpty())
        .toList();
  }

  static Optional<Job> ofRun(List<Job> jobs, String run) {
    return jobs.stream().filter(job -> run.equals(label(job, "run"))).findFirst();
  }

  private static String label(Job job, String name) {
    return job.getMetadata().getLabels().get("fleetway.dev/" + name);
  }

  static boolean isToldToStop(Job job) {
    return Objects.equals(job.getSpec().getActiveDeadlineSeconds(), 1L);
  }

  /** Whom a Job migrates. */
  Assignment assignment(Job job) {
    return parse(
        client
            .configMaps()
            .inNamespace(namespace)
            .withName(job.getMetadata().getName())
            .require()
            .getData()
            .get("assignment.json"));
  }

  /** What applications may do with the tenants, in the order of their names. */
  Map<String, Access> access() {
    var found = new TreeMap<String, Access>();
    client
        .resources(Tenant.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(
            tenant ->
                found.put(
                    tenant.getMetadata().getName(),
                    tenant.getStatus() == null ? null : tenant.getStatus().access()));
    return found;
  }

  /** Its pod migrates everybody and ends. */
  void succeed(Job job) {
    Assignment work = assignment(job);
    work.tenants().forEach(member -> migrate(work, member));
    end(job, true);
  }

  /** Its pod migrates one of its tenants and goes on. */
  void migrate(Job job, String tenant) {
    Assignment work = assignment(job);
    work.tenants().stream()
        .filter(member -> member.name().equals(tenant))
        .forEach(member -> migrate(work, member));
  }

  /** The cohorts' Jobs, ended or not, in the order of their names. */
  List<String> names() {
    return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .filter(job -> "cohort".equals(label(job, "component")))
        .map(job -> job.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** Its pod ends, and so does it. */
  void end(Job job, boolean success) {
    Job unused =
        client
            .resource(
                new JobBuilder(job)
                    .editMetadata()
                    .withResourceVersion(null)
                    .endMetadata()
                    .withNewStatus()
                    .withStartTime(NOW)
                    .withCompletionTime(success ? NOW : null)
                    .withSucceeded(success ? 1 : null)
                    .withCompletedIndexes(success ? "0" : null)
                    .withConditions(
                        condition(success ? "SuccessCriteriaMet" : "FailureTarget"),
                        condition(success ? "Complete" : "Failed"))
                    .endStatus()
                    .build())
            .updateStatus();
  }

  private void migrate(Assignment work, Assignment.Member member) {
    LastRun outcome =
        new LastRun(
            work.run(),
            work.runUid(),
            work.attempt(),
            work.cohort(),
            Outcome.Succeeded,
            null,
            null,
            null,
            null,
            "1",
            HEAD,
            1,
            NOW,
            1L,
            null,
            null);
    client
        .resources(Tenant.class)
        .inNamespace(namespace)
        .withName(member.name())
        .editStatus(
            tenant -> {
              TenantStatus before = tenant.getStatus();
              tenant.setStatus(
                  new TenantStatus(
                      before.observedGeneration(),
                      HEAD,
                      null,
                      before.access(),
                      outcome,
                      null,
                      List.of(ready(tenant))));
              return tenant;
            });
  }

  private static Condition ready(Tenant tenant) {
    return new Condition(
        "Ready",
        Condition.Status.True,
        tenant.getMetadata().getGeneration(),
        NOW,
        "Succeeded",
        "as the test says");
  }

  private void inspect(Job job) {
    Pod pod =
        client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(job.getMetadata().getName() + "-0")
                    .withNamespace(namespace)
                    .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
                    .addNewOwnerReference()
                    .withApiVersion("batch/v1")
                    .withKind("Job")
                    .withName(job.getMetadata().getName())
                    .withUid(job.getMetadata().getUid())
                    .withController(true)
                    .endOwnerReference()
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("runner")
                    .withImage("runner")
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
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
            .withMessage(text(new TerminationMessage(BUNDLE, null, null)))
            .endTerminated()
            .endState()
            .endContainerStatus()
            .build());
    Pod unused = client.resource(pod).updateStatus();
    end(job, true);
  }

  private static JobCondition condition(String type) {
    return new JobConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason("AsTheTestSays")
        .withMessage("as the test says")
        .withLastTransitionTime(NOW)
        .build();
  }

  private static Assignment parse(String text) {
    try {
      return JSON.readValue(text, Assignment.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    jobs.stop();
    kubelet.shutdownNow();
  }

  private final class Inspections implements ResourceEventHandler<Job> {
    @Override
    public void onAdd(Job job) {
      if ("inspect".equals(label(job, "component"))) {
        kubelet.execute(() -> inspect(job));
      }
    }

    @Override
    public void onUpdate(Job before, Job job) {
      // a test looks at it
    }

    @Override
    public void onDelete(Job job, boolean unknownFinalState) {
      // a test did it
    }
  }
}
