package dev.fleetway.sandbox.rollout;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.sandbox.jobs.PlayedJob;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** One run whose pods the test plays. */
record PlayedRun(KubernetesClient client, String namespace, String name) {
  static final String HEAD = "2";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NOW = "2026-01-01T00:00:00Z";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A tenant; labels as in YAML. */
  void tenant(String tenant, String labels, String host, String database) {
    client
        .resource(
            """
            apiVersion: fleetway.dev/v1alpha1
            kind: Tenant
            metadata: {name: %s, namespace: %s, labels: {%s}}
            spec:
              database: {host: %s, name: %s, credentialsSecretRef: {name: db}}
            """
                .formatted(tenant, namespace, labels, host, database))
        .create();
  }

  /** Creates the run; the rest of the spec as in YAML. */
  void start(String spec) {
    client
        .resource(
            """
            apiVersion: fleetway.dev/v1alpha1
            kind: TenantMigrationRun
            metadata: {name: %s, namespace: %s}
            spec:
              migrations: {configMapRefs: [{name: bundle}]}
            %s
            """
                .formatted(name, namespace, spec.indent(2)))
        .create();
  }

  void change(String patch) {
    TenantMigrationRun unused = run().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  /** Plays the inspecting pod. */
  void inspected(List<CodeFloor> floors) {
    Job job = awaitJob("inspect-a1");
    BundleReport report =
        new BundleReport("sha256:" + "0".repeat(64), HEAD, 2, List.of("2", "1"), floors, null);
    new PlayedJob(client, job).inspected(report);
  }

  /** Plays a pod whose image cannot be had. */
  Pod cannotPull(Job job) {
    Pod pod = new PlayedJob(client, job).start();
    pod.setStatus(
        new PodStatusBuilder()
            .withPhase("Pending")
            .addNewContainerStatus()
            .withName("runner")
            .withImage("runner")
            .withImageID("")
            .withReady(false)
            .withRestartCount(0)
            .withNewState()
            .withNewWaiting()
            .withReason("ImagePullBackOff")
            .withMessage("no such image")
            .endWaiting()
            .endState()
            .endContainerStatus()
            .build());
    return client.resource(pod).updateStatus();
  }

  void delete() {
    run().delete();
  }

  /** The Job whose name has this in the middle, such as {@code c001-a1}. */
  Job awaitJob(String stem) {
    return await("Job " + stem)
        .atMost(PATIENCE)
        .until(() -> job(stem), Optional::isPresent)
        .orElseThrow();
  }

  Job awaitJob(String stem, Predicate<Job> state) {
    return await("Job " + stem)
        .atMost(PATIENCE)
        .until(() -> job(stem), found -> found.filter(state).isPresent())
        .orElseThrow();
  }

  Optional<Job> job(String stem) {
    return jobs()
        .filter(job -> job.getMetadata().getName().startsWith(name + "-" + stem))
        .findAny();
  }

  Stream<Job> jobs() {
    return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .filter(job -> name.equals(job.getMetadata().getLabels().get("fleetway.dev/run")));
  }

  Assignment assignment(Job job) {
    return new PlayedJob(client, job).assignment();
  }

  void outcome(Assignment work, String tenant, Outcome outcome, TenantReason reason) {
    LastRun lastRun =
        new LastRun(
            name,
            work.runUid(),
            work.attempt(),
            work.cohort(),
            outcome,
            reason,
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
    status(tenant, HEAD, lastRun, null);
  }

  void report(Assignment work, String tenant, int pending) {
    status(
        tenant,
        null,
        null,
        new LastPlan(
            name,
            work.runUid(),
            work.attempt(),
            work.cohort(),
            NOW,
            "1",
            pending,
            List.of(HEAD),
            List.of()));
  }

  /** What an older run left. */
  void schemaVersion(String tenant, String version) {
    status(tenant, version, null, null);
  }

  private void status(String tenant, String version, LastRun lastRun, LastPlan lastPlan) {
    Resource<Tenant> resource =
        client.resources(Tenant.class).inNamespace(namespace).withName(tenant);
    Tenant unused =
        resource
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"status\":%s}"
                    .formatted(
                        json(
                            new TenantStatus(null, version, null, null, lastRun, lastPlan, null))));
  }

  Tenant tenant(String tenant) {
    return client.resources(Tenant.class).inNamespace(namespace).withName(tenant).require();
  }

  /** Brings a Job to rest, as the Job controller does. */
  void end(Job job, boolean success) {
    new PlayedJob(client, job).end(success);
  }

  /** The status once the run has ended for this reason. */
  TenantMigrationRunStatus awaitEnd(String reason) {
    return await(name + " ends with " + reason)
        .atMost(PATIENCE)
        .until(
            () -> run().require().getStatus(),
            status ->
                status.phase() != null
                    && status.phase().isEnded()
                    && reason.equals(status.condition("Ready").reason()));
  }

  List<Event> events(String reason) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> reason.equals(event.getReason()))
        .filter(event -> Objects.equals(name, event.getInvolvedObject().getName()))
        .toList();
  }

  /** Until the one event with this reason was told so often. */
  Event awaitEvent(String reason, int count) {
    return await("%d × %s".formatted(count, reason))
        .atMost(PATIENCE)
        .until(
            () -> events(reason),
            found -> found.stream().anyMatch(event -> event.getCount() == count))
        .get(0);
  }

  private Resource<TenantMigrationRun> run() {
    return client.resources(TenantMigrationRun.class).inNamespace(namespace).withName(name);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
