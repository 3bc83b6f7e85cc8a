package dev.fleetway.sandbox.order;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.sandbox.jobs.PlayedJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
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
  private static final BundleReport BUNDLE =
      new BundleReport("sha256:" + "0".repeat(64), HEAD, 2, List.of("2", "1"), null, List.of());

  private final KubernetesClient client;
  private final String namespace;
  private final ExecutorService kubelet = Executors.newSingleThreadExecutor();
  private final SharedIndexInformer<Job> jobs;
  private volatile boolean inspectionsEnd = true;

  HandDrivenJobs(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.jobs = client.batch().v1().jobs().inNamespace(namespace).inform(new Inspections());
  }

  /** From now on inspections too end only when a test says so. */
  void holdInspections() {
    inspectionsEnd = false;
  }

  List<Job> inspections() {
    return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .filter(PlayedJob::isInspection)
        .toList();
  }

  /** The Jobs of cohorts that have not ended. */
  List<Job> atWork() {
    return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .filter(job -> !PlayedJob.isInspection(job))
        .filter(job -> job.getStatus() == null || job.getStatus().getConditions().isEmpty())
        .toList();
  }

  static Optional<Job> ofRun(List<Job> jobs, String run) {
    return jobs.stream().filter(job -> run.equals(PlayedJob.label(job, "run"))).findFirst();
  }

  static boolean isToldToStop(Job job) {
    return Objects.equals(job.getSpec().getActiveDeadlineSeconds(), 1L);
  }

  /** Whom a Job migrates. */
  Assignment assignment(Job job) {
    return new PlayedJob(client, job).assignment();
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
        .filter(job -> !PlayedJob.isInspection(job))
        .map(job -> job.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** Its pod ends, and so does it. */
  void end(Job job, boolean success) {
    new PlayedJob(client, job).end(success);
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

  @Override
  public void close() {
    jobs.stop();
    kubelet.shutdownNow();
  }

  private final class Inspections implements ResourceEventHandler<Job> {
    @Override
    public void onAdd(Job job) {
      if (inspectionsEnd && PlayedJob.isInspection(job)) {
        kubelet.execute(() -> new PlayedJob(client, job).inspected(BUNDLE));
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
