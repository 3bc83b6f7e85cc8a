package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.cli.output.Times;
import dev.fleetway.operator.model.CohortResult;
import dev.fleetway.operator.model.CohortResult.TenantResult;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run did, when, and who asked for it: the JSON schema of {@code report}.
 *
 * @param run its name
 * @param namespace of the fleet
 * @param mode Apply or Plan
 * @param phase its phase
 * @param reason of the phase; absent before the operator has seen it
 * @param message of the phase
 * @param target the version that every tenant should reach
 * @param bundleDigest what was applied
 * @param attempts how many there were
 * @param started when the operator first looked at it
 * @param ended when it ended; absent while it goes on
 * @param writers who wrote its spec, as far as Kubernetes knows
 * @param aborts the last of them
 * @param cohorts per attempt, those that came to an end
 */
record Report(
    String run,
    String namespace,
    Mode mode,
    Phase phase,
    String reason,
    String message,
    String target,
    String bundleDigest,
    int attempts,
    Instant started,
    Instant ended,
    List<Writer> writers,
    List<Abort> aborts,
    List<Cohort> cohorts) {

  /** Who wrote, with which program, when last. */
  record Writer(String program, String operation, Instant time) {}

  /** One abort. */
  record Abort(int attempt, Integer cohort, String reason, Instant time) {}

  /**
   * A cohort in one attempt.
   *
   * @param started absent where the status no longer knows it
   * @param ended likewise
   */
  record Cohort(
      int attempt, int number, Instant started, Instant ended, List<TenantLine> tenants) {}

  /**
   * A tenant in one cohort and attempt.
   *
   * @param attempt the attempt that the outcome is from: an older one where it was done already
   */
  record TenantLine(
      String tenant,
      Outcome outcome,
      TenantReason reason,
      Integer attempt,
      String fromVersion,
      String toVersion,
      Long millis,
      String server,
      String sqlState,
      String failedVersion,
      String message) {}

  static Report of(TenantMigrationRun run, List<CohortResult> results) {
    TenantMigrationRunStatus status =
        Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
    RunRow row = RunRow.of(run);
    return new Report(
        row.name(),
        run.getMetadata().getNamespace(),
        row.mode(),
        row.phase(),
        row.reason(),
        Optional.ofNullable(status.condition("Ready")).map(c -> c.message()).orElse(null),
        row.target(),
        status.bundleDigest(),
        row.attempt(),
        row.started(),
        row.ended(),
        writers(run),
        status.aborts().stream()
            .map(a -> new Abort(a.attempt(), a.cohort(), a.reason(), time(a.time())))
            .toList(),
        results.stream().map(result -> cohort(result, status)).toList());
  }

  private static List<Writer> writers(TenantMigrationRun run) {
    List<ManagedFieldsEntry> entries = run.getMetadata().getManagedFields();
    return entries.stream()
        .filter(entry -> !"status".equals(entry.getSubresource()))
        .map(e -> new Writer(e.getManager(), e.getOperation(), time(e.getTime())))
        .toList();
  }

  private static Cohort cohort(CohortResult result, TenantMigrationRunStatus status) {
    Optional<TenantMigrationRunStatus.Cohort> known =
        status.cohorts().stream()
            .filter(c -> c.number() == result.cohort() && c.attempt() == result.attempt())
            .findFirst();
    return new Cohort(
        result.attempt(),
        result.cohort(),
        known.map(c -> time(c.startTime())).orElse(null),
        known.map(c -> time(c.completionTime())).orElse(null),
        result.tenants().stream().map(Report::line).toList());
  }

  private static TenantLine line(TenantResult result) {
    return new TenantLine(
        result.tenant(),
        result.outcome(),
        result.reason(),
        result.attempt(),
        result.fromVersion(),
        result.toVersion(),
        result.millis(),
        result.server(),
        result.sqlState(),
        result.failedVersion(),
        result.message());
  }

  private static Instant time(String text) {
    return Times.parse(text).orElse(null);
  }
}
