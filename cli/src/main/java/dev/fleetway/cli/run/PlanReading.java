package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.cli.run.PlanView.Cohort;
import dev.fleetway.cli.run.PlanView.PlannedRow;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.plan.CohortPlanner;
import dev.fleetway.operator.status.RemainingTime;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;

/** Turns a plan and what is known of its tenants into what people read. Pure. */
final class PlanReading {
  private static final int MOST_VERSIONS = 20;

  private final Map<String, TenantView> fleet;

  PlanReading(List<TenantView> fleet) {
    this.fleet = fleet.stream().collect(Collectors.toMap(TenantView::name, Function.identity()));
  }

  /** The plan of a run that exists: what its own reports say, else what its tenants say. */
  PlanView frozen(TenantMigrationRun run, RolloutPlan plan) {
    RunRow row = RunRow.of(run);
    String uid = run.getMetadata().getUid();
    return PlanView.of(
        row.name(),
        row.mode(),
        false,
        row.target(),
        Optional.ofNullable(run.getStatus())
            .map(status -> status.estimatedDuration())
            .or(() -> projected(plan, run.getSpec()))
            .orElse(null),
        cohorts(
            plan,
            (number, tenant) ->
                reported(number, tenant, view(tenant).flatMap(found -> found.reportOf(uid)))));
  }

  /** The plan that a run with this spec and bundle would freeze now, without asking a database. */
  PlanView preview(String name, TenantMigrationRunSpec spec, Bundle bundle) {
    MigrationVersion head = bundle.head(Optional.ofNullable(spec.targetVersion()));
    RolloutPlan plan =
        CohortPlanner.plan(
            bundle.digest(), List.copyOf(fleet.values()), spec.tenants(), spec.rollout());
    return PlanView.of(
        name,
        spec.mode(),
        true,
        head.getVersion(),
        projected(plan, spec).orElse(null),
        cohorts(plan, (number, tenant) -> guessed(number, tenant, bundle, head)));
  }

  private Optional<String> projected(RolloutPlan plan, TenantMigrationRunSpec spec) {
    return RemainingTime.ofFleet(plan, fleet.values(), spec).map(RemainingTime::text);
  }

  private interface Reading {
    PlannedRow row(int cohort, PlannedTenant tenant);
  }

  private static List<Cohort> cohorts(RolloutPlan plan, Reading reading) {
    List<Cohort> cohorts = new ArrayList<>();
    for (int i = 1; i <= plan.cohortCount(); i++) {
      int number = i;
      cohorts.add(
          new Cohort(
              number,
              plan.cohort(number).stream().map(tenant -> reading.row(number, tenant)).toList()));
    }
    return cohorts;
  }

  private PlannedRow reported(int cohort, PlannedTenant tenant, Optional<LastPlan> report) {
    if (report.isEmpty()) {
      return row(cohort, tenant, version(tenant), null, List.of(), problems(tenant));
    }
    LastPlan found = report.get();
    return row(
        cohort,
        tenant,
        found.currentVersion(),
        found.pending(),
        found.pendingVersions(),
        found.problems().stream().map(Problem::reason).map(TenantReason::name).toList());
  }

  private PlannedRow guessed(
      int cohort, PlannedTenant tenant, Bundle bundle, MigrationVersion head) {
    String version = version(tenant);
    if (version == null) {
      return row(cohort, tenant, null, null, List.of(), problems(tenant));
    }
    MigrationVersion applied = MigrationVersion.fromVersion(version);
    List<String> pending =
        bundle.scripts().stream()
            .map(Script::version)
            .filter(v -> v.compareTo(applied) > 0 && v.compareTo(head) <= 0)
            .map(MigrationVersion::getVersion)
            .toList();
    return row(
        cohort,
        tenant,
        version,
        pending.size(),
        pending.stream().limit(MOST_VERSIONS).toList(),
        problems(tenant));
  }

  private PlannedRow row(
      int cohort,
      PlannedTenant tenant,
      String version,
      Integer pending,
      List<String> pendingVersions,
      List<String> problems) {
    return new PlannedRow(
        cohort,
        tenant.name(),
        version,
        pending,
        pendingVersions,
        problems,
        view(tenant).map(view -> view.spec().database().server()).orElse(null));
  }

  /** What is wrong whatever the database holds. */
  private static List<String> problems(PlannedTenant tenant) {
    if (tenant.uid() == null) {
      return List.of(TenantReason.TenantNotFound.name());
    }
    return tenant.duplicateOf() == null ? List.of() : List.of(TenantReason.DuplicateTarget.name());
  }

  private String version(PlannedTenant tenant) {
    return view(tenant).flatMap(TenantView::schemaVersion).orElse(null);
  }

  private Optional<TenantView> view(PlannedTenant tenant) {
    return Optional.ofNullable(fleet.get(tenant.name()))
        .filter(view -> view.uid().equals(tenant.uid()));
  }
}
