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
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How everything stands once a run rests, without times and uids: equal for equal runs.
 *
 * @param run empty when it is gone
 * @param created the objects that the API server created for the operator, sorted; one twice is
 *     there twice
 * @param results the cohort reports by name
 * @param jobs each with the operator's reason to end it early, and its last condition
 */
record RunOutcome(
    Optional<RunStand> run,
    Map<String, TenantOutcome> tenants,
    List<String> created,
    Map<String, String> results,
    List<String> jobs) {

  /** The run itself. */
  record RunStand(
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
      List<String> finalizers) {}

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
      Optional<LastPlan> plan,
      List<String> conditions) {}

  static RunOutcome of(
      Optional<TenantMigrationRun> run,
      Collection<Tenant> tenants,
      Collection<ConfigMap> configMaps,
      Collection<Job> jobs,
      Collection<String> created) {
    return new RunOutcome(
        run.map(RunOutcome::stand),
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
                    TreeMap::new)),
        jobs.stream().map(RunOutcome::job).sorted().toList());
  }

  private static RunStand stand(TenantMigrationRun run) {
    TenantMigrationRunStatus status = run.getStatus();
    return new RunStand(
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
        run.getMetadata().getFinalizers());
  }

  /** Told to stop when it was complete already, as a late watch has it, is told for nothing. */
  private static String job(Job job) {
    List<JobCondition> conditions = job.getStatus().getConditions();
    String end = conditions.isEmpty() ? "live" : conditions.get(conditions.size() - 1).getType();
    String endedBy =
        Optional.ofNullable(job.getMetadata().getAnnotations())
            .map(annotations -> annotations.get("fleetway.dev/ended-by"))
            .filter(reason -> !end.equals("Complete"))
            .orElse("not ended early");
    return "%s, %s, %s".formatted(Write.withoutHashes(job.getMetadata().getName()), endedBy, end);
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
    Optional<LastRun> lastRun = Optional.ofNullable(status.lastRun());
    return new TenantOutcome(
        status.access(),
        status.schemaVersion(),
        lastRun.map(LastRun::outcome).orElse(null),
        lastRun.map(LastRun::reason).orElse(null),
        lastRun.map(LastRun::attempt).orElse(null),
        lastRun.map(LastRun::cohort).orElse(null),
        Optional.ofNullable(status.lastPlan()).map(RunOutcome::withoutTimes),
        conditions(status.conditions()));
  }

  private static LastPlan withoutTimes(LastPlan plan) {
    return new LastPlan(
        plan.name(),
        "",
        plan.attempt(),
        plan.cohort(),
        "",
        plan.currentVersion(),
        plan.pending(),
        plan.pendingVersions(),
        plan.problems());
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
