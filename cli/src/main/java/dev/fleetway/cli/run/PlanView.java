package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import java.util.List;

/**
 * What a run would do, or does: the JSON and YAML schema of {@code plan}.
 *
 * @param run its name
 * @param mode Apply or Plan
 * @param preview nothing is stored of it: the run does not exist
 * @param target the version that every tenant shall reach; absent while unknown
 * @param tenants in all cohorts
 * @param pending tenants with something pending, as far as known
 * @param problems tenants with a problem
 * @param estimatedDuration such as 42m, from what was measured; absent when nothing was
 * @param cohorts in their order
 */
record PlanView(
    String run,
    Mode mode,
    boolean preview,
    String target,
    int tenants,
    int pending,
    int problems,
    String estimatedDuration,
    List<Cohort> cohorts) {

  /** One cohort with its tenants in their order. */
  record Cohort(int number, List<PlannedRow> tenants) {}

  /**
   * One tenant of a cohort: the CSV schema of {@code plan}.
   *
   * @param cohort its number, from 1
   * @param version the highest applied version; absent while unknown
   * @param pending migrations to apply; absent while unknown
   * @param pendingVersions the oldest of them
   * @param problems reasons that would make it fail
   * @param server {@code host:port}; absent for a tenant that does not exist
   */
  record PlannedRow(
      int cohort,
      String tenant,
      String version,
      Integer pending,
      List<String> pendingVersions,
      List<String> problems,
      String server) {}

  static PlanView of(
      String run,
      Mode mode,
      boolean preview,
      String target,
      String estimatedDuration,
      List<Cohort> cohorts) {
    List<PlannedRow> rows = cohorts.stream().flatMap(cohort -> cohort.tenants().stream()).toList();
    return new PlanView(
        run,
        mode,
        preview,
        target,
        rows.size(),
        (int) rows.stream().filter(row -> row.pending() != null && row.pending() > 0).count(),
        (int) rows.stream().filter(row -> !row.problems().isEmpty()).count(),
        estimatedDuration,
        cohorts);
  }

  /** All tenants, cohort by cohort. */
  List<PlannedRow> rows() {
    return cohorts.stream().flatMap(cohort -> cohort.tenants().stream()).toList();
  }
}
