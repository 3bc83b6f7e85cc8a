package dev.fleetway.sandbox.demo;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Watches a run and its tenants until the current attempt is over, and tells the progress. */
final class RunFollower {
  private static final long PATIENCE_MINUTES = 30;

  private final KubernetesClient client;
  private final String namespace;
  private final Progress progress;
  private final Set<String> told = new HashSet<>();

  private String runUid = "";
  private int attempt;

  RunFollower(KubernetesClient client, String namespace, Progress progress) {
    this.client = client;
    this.namespace = namespace;
    this.progress = progress;
  }

  /** Returns the run as it is when its {@code Finished} is true for the present generation. */
  TenantMigrationRun follow(String run) {
    SharedIndexInformer<Tenant> tenants =
        client.resources(Tenant.class).inNamespace(namespace).inform(new TenantEvents());
    try {
      return client
          .resources(TenantMigrationRun.class)
          .inNamespace(namespace)
          .withName(run)
          .waitUntilCondition(this::seen, PATIENCE_MINUTES, TimeUnit.MINUTES);
    } finally {
      tenants.close();
      progress.close();
    }
  }

  private synchronized boolean seen(TenantMigrationRun run) {
    if (run == null || run.getStatus() == null) {
      return false;
    }
    TenantMigrationRunStatus status = run.getStatus();
    runUid = run.getMetadata().getUid();
    attempt = run.getSpec().attempt();
    int of = Objects.requireNonNullElse(status.cohortCount(), 0);
    for (Cohort cohort : status.cohorts()) {
      // what an earlier attempt did was told then
      if (cohort.attempt() == attempt) {
        tell(cohort, of);
      }
    }
    return isFinished(run);
  }

  private void tell(Cohort cohort, int of) {
    if (told.add("start " + cohort.number())) {
      int before = cohort.state() == CohortState.Running ? done(cohort) : 0;
      progress.cohortStarted(cohort.number(), of, cohort.size(), before);
    }
    boolean over = cohort.state() == CohortState.Closed || cohort.state() == CohortState.Aborted;
    if (over && told.add("end " + cohort.number())) {
      progress.cohortEnded(cohort, of);
    }
  }

  private static int done(Cohort cohort) {
    return cohort.succeeded() + cohort.alreadyCurrent();
  }

  private static boolean isFinished(TenantMigrationRun run) {
    Condition finished = run.getStatus().condition("Finished");
    return finished != null
        && finished.status() == Condition.Status.True
        && finished.observedGeneration() != null
        && finished.observedGeneration() >= run.getMetadata().getGeneration();
  }

  private synchronized void seen(Tenant tenant) {
    LastRun last = tenant.getStatus() == null ? null : tenant.getStatus().lastRun();
    if (last != null
        && last.belongsTo(runUid)
        && last.attempt() == attempt
        && told.contains("start " + last.cohort())
        && told.add("tenant " + tenant.getMetadata().getName())) {
      progress.tenantEnded(tenant.getMetadata().getName(), last);
    }
  }

  /** Changes of tenants. */
  private final class TenantEvents implements ResourceEventHandler<Tenant> {
    @Override
    public void onAdd(Tenant tenant) {
      seen(tenant);
    }

    @Override
    public void onUpdate(Tenant before, Tenant tenant) {
      seen(tenant);
    }

    @Override
    public void onDelete(Tenant tenant, boolean unknownFinalState) {
      // the demo deletes none
    }
  }
}
