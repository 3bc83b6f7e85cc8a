package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.cli.output.Times;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One run in one row: the JSON, YAML and CSV schema of {@code status} without a name.
 *
 * @param name of the run
 * @param mode Apply or Plan
 * @param phase as in its status; Pending before the operator has seen it
 * @param reason of its condition Ready; absent before the operator has seen it
 * @param target the version that every tenant shall reach; absent while unknown
 * @param attempt the present one, from 1
 * @param cohort closed cohorts of all cohorts, such as 2/5; absent before the plan
 * @param done tenants at the target
 * @param failed tenants whose latest outcome is a failure
 * @param skipped tenants that were left out
 * @param tenants in the plan
 * @param aborts how often it was aborted
 * @param started when the operator first looked at it; absent before
 * @param ended when it ended; absent while it goes on
 */
record RunRow(
    String name,
    Mode mode,
    Phase phase,
    String reason,
    String target,
    int attempt,
    String cohort,
    int done,
    int failed,
    int skipped,
    int tenants,
    int aborts,
    Instant started,
    Instant ended) {

  static RunRow of(TenantMigrationRun run) {
    TenantMigrationRunStatus status =
        Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
    Totals totals =
        Objects.requireNonNullElseGet(status.totals(), () -> Totals.of(0, 0, 0, 0, 0, 0, 0));
    return new RunRow(
        run.getMetadata().getName(),
        run.getSpec().mode(),
        Objects.requireNonNullElse(status.phase(), Phase.Pending),
        Optional.ofNullable(status.condition("Ready")).map(Condition::reason).orElse(null),
        status.headVersion(),
        run.getSpec().attempt(),
        status.cohortProgress(),
        totals.done(),
        totals.failed(),
        totals.skipped(),
        totals.tenants(),
        Objects.requireNonNullElse(status.abortCount(), 0),
        Times.parse(status.startTime()).orElse(null),
        Times.parse(status.completionTime()).orElse(null));
  }
}
