package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.GateMode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.decide.Decision.AwaitGate;
import dev.fleetway.operator.decide.Decision.CohortProgress;
import dev.fleetway.operator.decide.Decision.SetGate;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.model.CohortCursor;
import dev.fleetway.operator.model.CohortCursor.Visited;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The steps of a cohort, from its gate to its end, as the status tells them. */
final class CohortSteps {
  /** Reasons that a gated cohort shows before its Job, or that say nothing of one. */
  private static final Set<String> BEFORE_A_JOB =
      Stream.of(
              RunReason.Gating,
              RunReason.Settling,
              RunReason.JobLost,
              RunReason.PlanRestored,
              RunReason.WriteRefused)
          .map(RunReason::name)
          .collect(Collectors.toUnmodifiableSet());

  private final RunObservation seen;
  private final Instant now;
  private final StatusDraft draft;

  CohortSteps(RunObservation seen, Instant now, StatusDraft draft) {
    this.seen = seen;
    this.now = now;
    this.draft = draft;
  }

  void start(CohortProgress cohort) {
    boolean again = lostItsJob(cohort.number());
    run(cohort);
    if (again) {
      jobLost(cohort);
      return;
    }
    draft.progress(
        Phase.Running,
        RunReason.CohortRunning,
        "Cohort %d of %d starts with Job %s."
            .formatted(cohort.number(), draft.cohortCount, cohort.jobName()));
  }

  /** A cohort at work without its Job; behind a gate it was at work once it no longer settled. */
  private boolean lostItsJob(int cohort) {
    var ready = seen.status().condition("Ready");
    return seen.isRunning(cohort)
        && (seen.spec().gate().mode() == GateMode.None
            || ready == null
            || !BEFORE_A_JOB.contains(ready.reason()));
  }

  private void jobLost(CohortProgress cohort) {
    draft.progress(
        Phase.Running,
        RunReason.JobLost,
        RunReason.JobLost.explain("Job %s is created again".formatted(cohort.jobName())));
  }

  void await(AwaitGate gate, Phase phase) {
    draft.nextCohortTime = gate.until().map(Instant::toString).orElse(null);
    if (lostItsJob(gate.progress().number())) {
      jobLost(gate.progress());
    } else {
      draft.progress(phase, gate.reason(), gate.message());
    }
  }

  void gate(SetGate gate) {
    run(gate.progress());
    draft.progress(
        Phase.Running,
        RunReason.Gating,
        "Cohort %d of %d: %d tenants become read-only."
            .formatted(
                gate.progress().number(), draft.cohortCount, gate.assignment().tenants().size()));
  }

  void run(CohortProgress cohort) {
    draft.nextCohortTime = null;
    draft.ledger =
        draft.ledger.with(
            entry(
                cohort.number(), cohort.jobName(), cohort.tally(), CohortState.Running, null, null),
            cohort.tally());
    estimate(cohort.tally());
  }

  void settle(SettleCohort settle) {
    CohortVerdict verdict = settle.verdict();
    boolean aborted = verdict.abort().isPresent();
    CohortTally tally = verdict.tally();
    Cohort entry =
        entry(
            verdict.cohort(),
            verdict.jobName(),
            tally,
            aborted ? CohortState.Aborted : CohortState.Closed,
            settle.resultName(),
            now.toString());
    draft.ledger = draft.ledger.with(entry, tally, seen.reports().elsewhere());
    if (aborted) {
      CohortVerdict.Abort abort = verdict.abort().get();
      new RunEnding(seen, now, draft).abort(verdict.cohort(), abort.reason(), abort.message());
      return;
    }
    draft.lastClosedCohort = Math.max(draft.lastClosedCohort, verdict.cohort());
    boolean more =
        CohortCursor.current(
                draft.lastClosedCohort, draft.ledger.visited(), draft.cohortCount, seen.attempt())
            .isPresent();
    draft.nextCohortTime =
        more && staggers(tally) ? now.plus(seen.spec().rollout().staggerTime()).toString() : null;
    estimate(tally);
    draft.progress(
        Phase.Running,
        draft.nextCohortTime == null ? RunReason.CohortRunning : RunReason.WaitingForStagger,
        "Cohort %d of %d closed: %d succeeded, %d already current, %d failed, %d skipped."
            .formatted(
                entry.number(),
                draft.cohortCount,
                entry.succeeded(),
                entry.alreadyCurrent(),
                entry.failed(),
                entry.skipped()));
  }

  /** Only a cohort that may have changed a database gives reason to wait. */
  private boolean staggers(CohortTally tally) {
    return !seen.isPlanMode()
        && tally.touched(seen.attempt())
        && !seen.spec().rollout().staggerTime().isZero();
  }

  private Cohort entry(
      int number,
      String jobName,
      CohortTally tally,
      CohortState state,
      String resultRef,
      String completionTime) {
    String startTime =
        draft
            .ledger
            .cohort(number)
            .filter(old -> Objects.equals(old.attempt(), seen.attempt()))
            .map(Cohort::startTime)
            .orElseGet(now::toString);
    return new Cohort(
        number,
        tally.lines().size(),
        tally.count(Outcome.Succeeded),
        tally.count(Outcome.AlreadyCurrent),
        tally.count(Outcome.Failed),
        tally.count(Outcome.Skipped),
        state,
        seen.attempt(),
        jobName,
        resultRef,
        startTime,
        completionTime);
  }

  /** Without a tenant that was measured the last estimate stays. */
  private void estimate(CohortTally tally) {
    List<Visited> visited = draft.ledger.visited();
    int started =
        Math.max(
            draft.lastClosedCohort,
            visited.stream().filter(Visited::running).mapToInt(Visited::number).max().orElse(0));
    List<Visited> again =
        CohortCursor.again(visited, seen.attempt()).stream()
            .filter(cohort -> !cohort.running() && cohort.number() <= draft.lastClosedCohort)
            .toList();
    Totals totals = draft.ledger.totals();
    RemainingTime.Work left =
        new RemainingTime.Work(
            totals.pending() + totals.running() + again.stream().mapToInt(Visited::failed).sum(),
            draft.cohortCount - started + again.size());
    RemainingTime.ofRun(left, tally, draft.ledger.cohorts(), seen.spec())
        .ifPresent(time -> draft.estimatedDuration = RemainingTime.text(time));
  }
}
