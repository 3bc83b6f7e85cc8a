package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which cohort is the current one. The rule, for every attempt: first the cohorts that never
 * closed, in order; then, once, those that closed with failures or aborted in an older attempt.
 */
public final class CohortCursor {
  private CohortCursor() {}

  /** The cohort that runs or runs next in this attempt; empty when the attempt is through. */
  public static OptionalInt current(TenantMigrationRunStatus status, int cohortCount, int attempt) {
    int lastClosed = status.lastClosedCohort() == null ? 0 : status.lastClosedCohort();
    return current(lastClosed, status.cohorts(), cohortCount, attempt);
  }

  /** The same, of a status that is still being computed. */
  public static OptionalInt current(
      int lastClosed, List<Cohort> cohorts, int cohortCount, int attempt) {
    if (lastClosed < cohortCount) {
      return OptionalInt.of(lastClosed + 1);
    }
    return cohorts.stream()
        .filter(cohort -> needsAnotherRun(cohort, attempt))
        .sorted(Comparator.comparing(Cohort::number))
        .mapToInt(Cohort::number)
        .findFirst();
  }

  private static boolean needsAnotherRun(Cohort cohort, int attempt) {
    if (cohort.state() == CohortState.Running) {
      return true;
    }
    return cohort.attempt() < attempt
        && (cohort.failed() > 0 || cohort.state() == CohortState.Aborted);
  }
}
