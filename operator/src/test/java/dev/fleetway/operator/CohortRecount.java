package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.model.CohortResult;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.TenantView;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A cohort counted again, from the tenants themselves, and judged again by the abort rate. */
final class CohortRecount {
  private CohortRecount() {}

  /** A cohort that has just come to its end. */
  static void check(Cohort cohort, SimulatedRun run) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    for (PlannedTenant planned : run.plan().cohort(cohort.number())) {
      outcomes.put(planned.name(), outcome(planned, cohort.attempt(), run));
    }
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    outcomes.values().forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
    assertThat(
            List.of(cohort.succeeded(), cohort.alreadyCurrent(), cohort.failed(), cohort.skipped()))
        .as("I3: succeeded, current, failed and skipped of cohort %d", cohort.number())
        .containsExactly(
            counts.getOrDefault(Outcome.Succeeded, 0),
            counts.getOrDefault(Outcome.AlreadyCurrent, 0),
            counts.getOrDefault(Outcome.Failed, 0),
            counts.getOrDefault(Outcome.Skipped, 0));
    assertThat(run.reportOf(cohort.resultRef()).tenants().stream())
        .as("I3: the report of cohort %d names each tenant once", cohort.number())
        .extracting(CohortResult.TenantResult::tenant)
        .containsExactlyElementsOf(outcomes.keySet());
    judge(cohort, run);
  }

  private static Outcome outcome(PlannedTenant planned, int attempt, SimulatedRun run) {
    if (!isThere(run, planned.name(), planned.uid())) {
      return Outcome.Skipped;
    }
    Optional<LastRun> found = outcome(run, planned.name());
    assertThat(found).as("I3: %s has an outcome", planned.name()).isPresent();
    assertThat(found.get().outcome().isSuccess() || found.get().attempt() >= attempt)
        .as("I3: %s has an outcome of this attempt", planned.name())
        .isTrue();
    return found.get().outcome();
  }

  private static void judge(Cohort cohort, SimulatedRun run) {
    boolean trips = trips(cohort.failed(), cohort.size() - cohort.skipped(), run);
    if (cohort.state() == CohortState.Closed) {
      assertThat(trips).as("I1: cohort %d closed over its rate", cohort.number()).isFalse();
    } else if (run.spec().execution().shards() == 1 && isAbortedByItsRate(run)) {
      // Of several pods one that failed may be deleted while the others drain.
      assertThat(cohort.failed()).as("aborted by the rate without a failure").isPositive();
    }
  }

  private static boolean isAbortedByItsRate(SimulatedRun run) {
    return "AbortRateExceeded".equals(run.status().condition("Ready").reason());
  }

  private static boolean trips(int failed, int size, SimulatedRun run) {
    int rate = Integer.parseInt(run.spec().rollout().abortRate().replace("%", ""));
    return run.spec().mode() == Mode.Apply && failed > 0 && failed * 100 >= rate * size;
  }

  /** One pod stops by itself; several are stopped as soon as they fail too often together. */
  static void checkThatItStopsAtOnce(SimulatedRun run) {
    if (run.jobs().live().stream().noneMatch(job -> job.progress() == Progress.ACTIVE)) {
      return;
    }
    Assignment work = run.runningAssignment();
    if (work.shards() == 1 || run.assignmentOf(run.jobs().live().get(0).name()) == null) {
      return;
    }
    Map<Outcome, Long> counts =
        work.tenants().stream()
            .map(
                member ->
                    !isThere(run, member.name(), member.uid())
                        ? Optional.of(Outcome.Skipped)
                        : outcome(run, member.name())
                            .filter(found -> found.attempt() >= work.attempt())
                            .map(LastRun::outcome))
            .flatMap(Optional::stream)
            .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
    int size =
        run.plan().cohort(work.cohort()).size()
            - work.skipped().size()
            - counts.getOrDefault(Outcome.Skipped, 0L).intValue();
    assertThat(trips(counts.getOrDefault(Outcome.Failed, 0L).intValue(), size, run))
        .as("cohort %d goes on over its rate", work.cohort())
        .isFalse();
  }

  /** One that was deleted comes again with the assignment of the first; its pod reads evidence. */
  static void checkAssignment(String job, SimulatedRun run) {
    assertThat(run.assignmentOf(job).tenants())
        .as("%s works on nobody who is through", job)
        .noneMatch(
            member ->
                outcome(run, member.name()).map(LastRun::outcome).stream()
                    .anyMatch(Outcome::isSuccess));
  }

  /** May a database have been changed in this attempt? */
  static boolean touched(Cohort cohort, SimulatedRun run) {
    return run.spec().mode() == Mode.Apply
        && run.plan().cohort(cohort.number()).stream()
            .filter(planned -> isThere(run, planned.name(), planned.uid()))
            .flatMap(planned -> outcome(run, planned.name()).stream())
            .filter(found -> found.attempt().equals(cohort.attempt()))
            .map(LastRun::outcome)
            .anyMatch(outcome -> outcome == Outcome.Succeeded || outcome == Outcome.Failed);
  }

  static boolean isThere(SimulatedRun run, String tenant, String uid) {
    TenantView view = run.fleet().view(tenant);
    return view != null && view.uid().equals(uid);
  }

  private static Optional<LastRun> outcome(SimulatedRun run, String tenant) {
    return Optional.ofNullable(run.fleet().view(tenant))
        .flatMap(view -> view.outcomeOf(SimulatedRun.NAMES.runUid()));
  }
}
