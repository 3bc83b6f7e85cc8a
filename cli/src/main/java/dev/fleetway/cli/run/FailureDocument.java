package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.model.FailedTenant;
import dev.fleetway.operator.status.FailureGroups;
import java.util.List;

/**
 * The failed tenants of a run by cause: the JSON and YAML schema of {@code failures}.
 *
 * @param run its name
 * @param phase its phase
 * @param failed how many tenants failed
 * @param groups by cause, the largest first
 */
record FailureDocument(String run, Phase phase, int failed, List<Group> groups) {

  /**
   * Tenants that failed for one cause.
   *
   * @param fingerprint names the cause, the same in every run
   * @param reason one of the documented reasons
   * @param hint what a person can do about it
   * @param next the next command to type
   * @param sqlState of the error; absent where there was none
   * @param failedVersion the migration that failed; absent where it was none
   * @param count tenants of the group
   * @param servers servers that they live on
   * @param tenants each of them, by cohort and name
   */
  record Group(
      String fingerprint,
      TenantReason reason,
      String hint,
      String next,
      String sqlState,
      String failedVersion,
      int count,
      int servers,
      List<Member> tenants) {}

  /** One failed tenant of a group. */
  record Member(String tenant, int cohort, String server, String message) {}

  /**
   * One failed tenant with its cause: the CSV schema of {@code failures}.
   *
   * @param fingerprint names the cause
   */
  record Row(
      String tenant,
      int cohort,
      String server,
      TenantReason reason,
      String sqlState,
      String failedVersion,
      String fingerprint,
      String message) {}

  static FailureDocument of(TenantMigrationRun run, List<FailedTenant> failed) {
    RunRow row = RunRow.of(run);
    return new FailureDocument(
        row.name(),
        row.phase(),
        failed.size(),
        FailureGroups.of(failed).stream().map(group -> group(row, group, failed)).toList());
  }

  private static Group group(RunRow run, FailureGroup group, List<FailedTenant> failed) {
    return new Group(
        group.fingerprint(),
        group.reason(),
        group.reason() == null ? null : group.reason().hint(),
        NextStep.after(group, run.name(), run.phase()),
        group.sqlState(),
        group.failedVersion(),
        group.count(),
        group.servers(),
        failed.stream()
            .filter(tenant -> group.fingerprint().equals(tenant.fingerprint()))
            .map(FailedTenant::failure)
            .map(f -> new Member(f.tenant(), f.cohort(), f.server(), f.message()))
            .toList());
  }

  static List<Row> rows(List<FailedTenant> failed) {
    return failed.stream().map(FailureDocument::row).toList();
  }

  private static Row row(FailedTenant tenant) {
    Failure failure = tenant.failure();
    return new Row(
        failure.tenant(),
        failure.cohort(),
        failure.server(),
        failure.reason(),
        failure.sqlState(),
        failure.failedVersion(),
        tenant.fingerprint(),
        failure.message());
  }
}
