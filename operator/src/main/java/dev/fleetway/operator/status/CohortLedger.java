package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.operator.model.CohortCursor;
import dev.fleetway.operator.model.CohortCursor.Visited;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.FailedTenant;
import dev.fleetway.operator.model.OlderFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cohorts that started, the totals of the plan, a sample of the failures and their groups. An
 * entry replaces the older one of the same cohort, in the totals too: writing it twice changes
 * nothing.
 *
 * @param totals null before the plan
 * @param older closed cohorts with failures that {@code cohorts} has no room for
 */
record CohortLedger(
    Totals totals,
    List<Cohort> cohorts,
    List<OlderFailure> older,
    List<Failure> failures,
    List<FailureGroup> groups) {
  private static final int RECENT_COHORTS = 50;
  private static final int MOST_COHORTS = 100;
  private static final int MOST_FAILURES = 20;

  /** What ran last comes last. */
  private static final Comparator<Cohort> BY_ACTIVITY =
      Comparator.comparing(Cohort::attempt).thenComparing(Cohort::number);

  private static final Comparator<Failure> IN_ORDER =
      Comparator.comparing(Failure::cohort).thenComparing(Failure::tenant);

  static CohortLedger ofPlan(int tenants) {
    return new CohortLedger(
        Totals.of(tenants, tenants, 0, 0, 0, 0, 0), List.of(), List.of(), List.of(), List.of());
  }

  Optional<Cohort> cohort(int number) {
    return cohorts.stream().filter(cohort -> cohort.number() == number).findFirst();
  }

  /** Every cohort that is known, in order. */
  List<Visited> visited() {
    return CohortCursor.visited(cohorts, older);
  }

  /** Enters a cohort that is at work, as its tally says. */
  CohortLedger with(Cohort entry, CohortTally tally) {
    List<FailedTenant> own = FailedTenant.of(entry.number(), tally);
    List<Failure> others =
        failures.stream().filter(failure -> !failure.cohort().equals(entry.number())).toList();
    return entered(entry, sample(own, others), groups);
  }

  /**
   * Enters a cohort that has come to its end.
   *
   * @param elsewhere the failed tenants of all other cohorts
   */
  CohortLedger with(Cohort entry, CohortTally tally, List<FailedTenant> elsewhere) {
    List<FailedTenant> own = FailedTenant.of(entry.number(), tally);
    return entered(
        entry,
        sample(own, told(elsewhere)),
        FailureGroups.of(Stream.concat(own.stream(), elsewhere.stream()).toList()));
  }

  /** A sample that the status has already keeps its full message. */
  private List<Failure> told(List<FailedTenant> elsewhere) {
    Map<String, Failure> known = new HashMap<>();
    failures.forEach(failure -> known.put(failure.cohort() + "/" + failure.tenant(), failure));
    return elsewhere.stream()
        .map(FailedTenant::failure)
        .map(f -> known.getOrDefault(f.cohort() + "/" + f.tenant(), f))
        .sorted(IN_ORDER)
        .toList();
  }

  /** A cohort that was at work when the run was aborted without it. */
  CohortLedger aborted(String time) {
    return new CohortLedger(
        totals == null
            ? null
            : Totals.of(
                totals.tenants(),
                totals.pending() + totals.running(),
                0,
                totals.succeeded(),
                totals.alreadyCurrent(),
                totals.failed(),
                totals.skipped()),
        cohorts.stream()
            .map(
                c ->
                    c.state() == CohortState.Running
                        ? entry(c, CohortState.Aborted, c.resultRef(), time)
                        : c)
            .toList(),
        older,
        failures,
        groups);
  }

  private static Cohort entry(Cohort c, CohortState state, String resultRef, String completed) {
    return new Cohort(
        c.number(),
        c.size(),
        c.succeeded(),
        c.alreadyCurrent(),
        c.failed(),
        c.skipped(),
        state,
        c.attempt(),
        c.jobName(),
        resultRef,
        c.startTime(),
        completed);
  }

  private CohortLedger entered(Cohort entry, List<Failure> sample, List<FailureGroup> causes) {
    List<Cohort> entries =
        new ArrayList<>(
            cohorts.stream()
                .filter(c -> !c.number().equals(entry.number()))
                .sorted(BY_ACTIVITY)
                .toList());
    // Newest, whatever its number: a late retry of an early cohort shall be seen.
    entries.add(entry);
    List<Cohort> relevant = relevant(entries);
    List<Cohort> leaving = leaving(relevant);
    List<OlderFailure> notes =
        Stream.concat(
                older.stream().filter(note -> note.number() != entry.number()),
                leaving.stream().map(OlderFailure::of))
            .sorted(Comparator.comparing(OlderFailure::number))
            .toList();
    List<Cohort> staying =
        relevant.stream()
            .filter(c -> !leaving.contains(c))
            .sorted(Comparator.comparing(Cohort::number))
            .toList();
    return new CohortLedger(totals(entry), staying, notes, sample, causes);
  }

  private Totals totals(Cohort entry) {
    Optional<OlderFailure> note =
        older.stream().filter(older -> older.number() == entry.number()).findFirst();
    Optional<Cohort> old = cohort(entry.number());
    int succeeded =
        totals.succeeded()
            - old.map(Cohort::succeeded)
                .or(() -> note.map(n -> n.succeeded(entry.size())))
                .orElse(0)
            + entry.succeeded();
    int current =
        totals.alreadyCurrent()
            - old.map(Cohort::alreadyCurrent)
                .or(() -> note.map(OlderFailure::alreadyCurrent))
                .orElse(0)
            + entry.alreadyCurrent();
    int failed =
        totals.failed()
            - old.map(Cohort::failed).or(() -> note.map(OlderFailure::failed)).orElse(0)
            + entry.failed();
    int skipped =
        totals.skipped()
            - old.map(Cohort::skipped).or(() -> note.map(OlderFailure::skipped)).orElse(0)
            + entry.skipped();
    int running = entry.state() == CohortState.Running ? entry.size() - entry.ended() : 0;
    int pending = totals.tenants() - succeeded - current - failed - skipped - running;
    return Totals.of(totals.tenants(), pending, running, succeeded, current, failed, skipped);
  }

  /** Recent ones, and those that somebody may have to come back to. */
  private static List<Cohort> relevant(List<Cohort> byActivity) {
    int recent = Math.max(0, byActivity.size() - RECENT_COHORTS);
    List<Cohort> kept = new ArrayList<>();
    for (int i = 0; i < byActivity.size(); i++) {
      Cohort entry = byActivity.get(i);
      if (i >= recent || entry.failed() > 0 || entry.state() != CohortState.Closed) {
        kept.add(entry);
      }
    }
    return kept;
  }

  /** Where there is no room for all of them: the closed ones that ran longest ago. */
  private static List<Cohort> leaving(List<Cohort> byActivity) {
    int tooMany = Math.max(0, byActivity.size() - MOST_COHORTS);
    return byActivity.stream()
        .filter(c -> c.state() == CohortState.Closed && c.failed() > 0)
        .limit(tooMany)
        .toList();
  }

  /** The newest cohort's failures come first when room is short. */
  private static List<Failure> sample(List<FailedTenant> own, List<Failure> others) {
    return Stream.concat(own.stream().map(FailedTenant::failure), others.stream())
        .limit(MOST_FAILURES)
        .sorted(IN_ORDER)
        .toList();
  }
}
