package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.model.CohortTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cohorts that started, the totals of the plan and a sample of the failures. An entry replaces
 * the older one of the same cohort, in the totals too: writing it twice changes nothing.
 *
 * @param totals null before the plan
 */
record CohortLedger(Totals totals, List<Cohort> cohorts, List<Failure> failures) {
  private static final int RECENT_COHORTS = 50;
  private static final int MOST_COHORTS = 100;
  private static final int MOST_FAILURES = 20;

  static CohortLedger ofPlan(int tenants) {
    return new CohortLedger(Totals.of(tenants, tenants, 0, 0, 0, 0, 0), List.of(), List.of());
  }

  Optional<Cohort> cohort(int number) {
    return cohorts.stream().filter(cohort -> cohort.number() == number).findFirst();
  }

  /** Enters a cohort as its tally says. */
  CohortLedger with(Cohort entry, CohortTally tally) {
    List<Cohort> entries =
        new ArrayList<>(cohorts.stream().filter(c -> !c.number().equals(entry.number())).toList());
    entries.add(entry);
    entries.sort(Comparator.comparing(Cohort::number));
    return new CohortLedger(totals(entry), newest(entries), failures(entry.number(), tally));
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
        failures);
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

  private Totals totals(Cohort entry) {
    Optional<Cohort> old = cohort(entry.number());
    int succeeded = totals.succeeded() - old.map(Cohort::succeeded).orElse(0) + entry.succeeded();
    int current =
        totals.alreadyCurrent()
            - old.map(Cohort::alreadyCurrent).orElse(0)
            + entry.alreadyCurrent();
    int failed = totals.failed() - old.map(Cohort::failed).orElse(0) + entry.failed();
    int skipped = totals.skipped() - old.map(Cohort::skipped).orElse(0) + entry.skipped();
    int running = entry.state() == CohortState.Running ? entry.size() - entry.ended() : 0;
    int pending = totals.tenants() - succeeded - current - failed - skipped - running;
    return Totals.of(totals.tenants(), pending, running, succeeded, current, failed, skipped);
  }

  /** Recent ones, and those that somebody may have to come back to. */
  private static List<Cohort> newest(List<Cohort> entries) {
    int recent = Math.max(0, entries.size() - RECENT_COHORTS);
    List<Cohort> kept = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Cohort entry = entries.get(i);
      if (i >= recent || entry.failed() > 0 || entry.state() != CohortState.Closed) {
        kept.add(entry);
      }
    }
    return List.copyOf(kept.subList(Math.max(0, kept.size() - MOST_COHORTS), kept.size()));
  }

  /** The newest cohort's failures come first when room is short. */
  private List<Failure> failures(int cohort, CohortTally tally) {
    Stream<Failure> own =
        tally.lines().stream()
            .filter(line -> line.outcome() == Outcome.Failed)
            .map(line -> failure(cohort, line));
    Stream<Failure> others = failures.stream().filter(failure -> failure.cohort() != cohort);
    return Stream.concat(own, others)
        .limit(MOST_FAILURES)
        .sorted(Comparator.comparing(Failure::cohort).thenComparing(Failure::tenant))
        .toList();
  }

  private static Failure failure(int cohort, CohortTally.Line line) {
    Optional<LastRun> evidence = line.evidence();
    return new Failure(
        line.tenant().name(),
        line.view().map(view -> view.spec().database().server()).orElse(null),
        cohort,
        line.reason(),
        evidence.map(LastRun::sqlState).orElse(null),
        evidence.map(LastRun::failedVersion).orElse(null),
        evidence.map(LastRun::message).orElseGet(line::explanation));
  }
}
