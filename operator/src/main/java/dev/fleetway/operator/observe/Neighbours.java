package dev.fleetway.operator.observe;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RivalRun;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the other runs, from the API server: what they do now must not be taken from a cache. */
final class Neighbours {
  private final StoredObjects stored;
  private final RunArchive archive;

  Neighbours(StoredObjects stored, RunArchive archive) {
    this.stored = stored;
    this.archive = archive;
  }

  /** The runs that may be in the way of this one. */
  List<RivalRun> rivals(String namespace, RunNames own) {
    return stored.runs(
        List.of(namespace),
        run ->
            run.getMetadata().getUid().equals(own.runUid())
                ? Optional.empty()
                : RivalRun.of(run, Optional.empty())
                    .flatMap(rival -> RivalRun.of(run, planned(run))));
  }

  private Optional<Set<String>> planned(TenantMigrationRun run) {
    return Optional.ofNullable(status(run).planHash())
        .flatMap(hash -> archive.plan(run.getMetadata().getNamespace(), names(run), hash))
        .map(Neighbours::tenants);
  }

  /** The existing tenants of a plan. */
  private static Set<String> tenants(RolloutPlan plan) {
    return plan.cohorts().stream()
        .flatMap(List::stream)
        .filter(tenant -> tenant.uid() != null)
        .map(PlannedTenant::name)
        .collect(Collectors.toSet());
  }

  /** The gates that runs of these namespaces have; of all namespaces when none is named. */
  List<Gate> gates(List<String> namespaces) {
    return stored.runs(namespaces, this::gate);
  }

  private Optional<Gate> gate(TenantMigrationRun run) {
    Optional<Cohort> cohort = Gate.cohort(run.getSpec(), status(run));
    String namespace = run.getMetadata().getNamespace();
    return cohort.map(
        found ->
            Gate.of(
                namespace,
                run.getMetadata().getName(),
                archive.assignment(namespace, names(run), found.number(), found.attempt())));
  }

  private static RunNames names(TenantMigrationRun run) {
    return new RunNames(run.getMetadata().getName(), run.getMetadata().getUid());
  }

  private static TenantMigrationRunStatus status(TenantMigrationRun run) {
    return Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
  }
}
