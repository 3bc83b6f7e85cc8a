package dev.fleetway.sandbox.crash;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a run stands once it rests, without times and uids: equal for equal runs.
 *
 * @param created the objects that the API server created for the operator, sorted; one twice is
 *     there twice
 * @param results the cohort reports by name
 */
record RunOutcome(
    Phase phase,
    Integer attempt,
    Totals totals,
    Integer abortCount,
    List<AbortOutcome> aborts,
    Integer cohortCount,
    Integer lastClosedCohort,
    List<Cohort> cohorts,
    List<Failure> failures,
    List<String> conditions,
    List<String> finalizers,
    Map<String, TenantOutcome> tenants,
    List<String> created,
    Map<String, String> results) {

  /** One abort. */
  record AbortOutcome(Integer attempt, Integer cohort, String reason) {}

  /** One tenant. */
  record TenantOutcome(
      TenantStatus.Access access,
      String schemaVersion,
      Outcome outcome,
      TenantReason reason,
      Integer attempt,
      Integer cohort,
      List<String> conditions) {}

  static RunOutcome of(
      TenantMigrationRun run,
      Collection<Tenant> tenants,
      Collection<ConfigMap> configMaps,
      Collection<String> created) {
    TenantMigrationRunStatus status = run.getStatus();
    return new RunOutcome(
        status.phase(),
        status.attempt(),
        status.totals(),
        status.abortCount(),
        status.aborts().stream()
            .map(abort -> new AbortOutcome(abort.attempt(), abort.cohort(), abort.reason()))
            .toList(),
        status.cohortCount(),
        status.lastClosedCohort(),
        status.cohorts().stream().map(RunOutcome::withoutTimes).toList(),
        status.failures(),
        conditions(status.conditions()),
        run.getMetadata().getFinalizers(),
        tenants.stream()
            .collect(
                Collectors.toMap(
                    tenant -> tenant.getMetadata().getName(),
                    tenant -> tenant(tenant.getStatus()),
                    (one, other) -> one,
                    TreeMap::new)),
        created.stream().sorted().toList(),
        configMaps.stream()
            .filter(map -> map.getMetadata().getName().endsWith("-result"))
            .collect(
                Collectors.toMap(
                    map -> map.getMetadata().getName(),
                    map -> map.getData().get("result.json"),
                    (one, other) -> one,
                    TreeMap::new)));
  }

  private static Cohort withoutTimes(Cohort cohort) {
    return new Cohort(
        cohort.number(),
        cohort.size(),
        cohort.succeeded(),
        cohort.alreadyCurrent(),
        cohort.failed(),
        cohort.skipped(),
        cohort.state(),
        cohort.attempt(),
        Write.withoutHashes(cohort.jobName()),
        cohort.resultRef(),
        null,
        null);
  }

  private static TenantOutcome tenant(TenantStatus status) {
    LastRun lastRun = status.lastRun();
    return lastRun == null
        ? new TenantOutcome(
            status.access(), null, null, null, null, null, conditions(status.conditions()))
        : new TenantOutcome(
            status.access(),
            status.schemaVersion(),
            lastRun.outcome(),
            lastRun.reason(),
            lastRun.attempt(),
            lastRun.cohort(),
            conditions(status.conditions()));
  }

  /** What was last seen of a Job depends on when somebody looked. */
  private static List<String> conditions(List<Condition> conditions) {
    return conditions.stream()
        .map(
            condition ->
                "%s=%s %s: %s"
                    .formatted(
                        condition.type(),
                        condition.status(),
                        condition.reason(),
                        condition.message().replaceAll(" Last seen: .*", "")))
        .toList();
  }
}
