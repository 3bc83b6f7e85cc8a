package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Which cohort is the current one. The rule, for every attempt: first the cohorts that never
 * closed, in order; then, once, those that closed with failures or aborted in an older attempt.
 */
public final class CohortCursor {
  private CohortCursor() {}

  /**
   * A cohort that started, in as much as the cursor and the totals look at it.
   *
   * @param open it is at work, or aborted: it runs again whatever its counts
   */
  public record Visited(int number, int attempt, int failed, boolean open, boolean running) {
    static Visited of(Cohort cohort) {
      return new Visited(
          cohort.number(),
          cohort.attempt(),
          cohort.failed(),
          cohort.state() != CohortState.Closed,
          cohort.state() == CohortState.Running);
    }

    static Visited of(OlderFailure cohort) {
      return new Visited(cohort.number(), cohort.attempt(), cohort.failed(), false, false);
    }

    boolean needsAnotherRun(int attempt) {
      return running || (this.attempt < attempt && (failed > 0 || open));
    }
  }

  /** Every cohort that the status still knows, in order. */
  public static List<Visited> visited(List<Cohort> cohorts, List<OlderFailure> older) {
    return Stream.concat(
            cohorts.stream().map(Visited::of),
            older.stream()
                .filter(note -> cohorts.stream().noneMatch(c -> c.number() == note.number()))
                .map(Visited::of))
        .sorted(Comparator.comparing(Visited::number))
        .toList();
  }

  /** The cohort that runs or runs next in this attempt; empty when the attempt is through. */
  public static OptionalInt current(TenantMigrationRunStatus status, int cohortCount, int attempt) {
    int lastClosed = status.lastClosedCohort() == null ? 0 : status.lastClosedCohort();
    return current(lastClosed, visited(status), cohortCount, attempt);
  }

  /** The same, of a status that is still being computed. */
  public static OptionalInt current(
      int lastClosed, List<Visited> visited, int cohortCount, int attempt) {
    return lastClosed < cohortCount
        ? OptionalInt.of(lastClosed + 1)
        : again(visited, attempt).stream().mapToInt(Visited::number).findFirst();
  }

  public static List<Visited> visited(TenantMigrationRunStatus status) {
    return visited(status.cohorts(), OlderFailure.parse(status.olderFailures()));
  }

  /** The cohorts that run once more in this attempt, after all others. */
  public static List<Visited> again(List<Visited> visited, int attempt) {
    return visited.stream().filter(cohort -> cohort.needsAnotherRun(attempt)).toList();
  }
}
