package dev.fleetway.operator.status;

import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.GateMode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Abort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.AwaitGate;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.BeginAttempt;
import dev.fleetway.operator.decide.Decision.CohortProgress;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.FreezePlan;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.RecordBundle;
import dev.fleetway.operator.decide.Decision.RepeatInspection;
import dev.fleetway.operator.decide.Decision.RestorePlan;
import dev.fleetway.operator.decide.Decision.SetGate;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.decide.Decision.TakeTurn;
import dev.fleetway.operator.decide.Decision.WithdrawGate;
import dev.fleetway.operator.model.CohortCursor;
import dev.fleetway.operator.model.CohortCursor.Visited;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Computes the whole next status of a run. */
public final class RunStatusFactory {
  private static final int MOST_ABORTS = 10;

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
  private final RunConditions conditions;

  private RunStatusFactory(RunObservation seen, Instant now) {
    this.seen = seen;
    this.now = now;
    this.draft = new StatusDraft(seen.status());
    this.conditions = new RunConditions(seen.status().conditions(), seen.generation(), now);
  }

  /** The status after this decision was applied. */
  public static TenantMigrationRunStatus status(
      RunObservation seen, Decision decision, Instant now) {
    return new RunStatusFactory(seen, now).after(decision);
  }

  /** The status when the API server refused what the decision needs. */
  public static TenantMigrationRunStatus refused(RunObservation seen, String refusal, Instant now) {
    RunStatusFactory factory = new RunStatusFactory(seen, now);
    factory.draft.observedGeneration = seen.generation();
    factory.progress(
        factory.workingPhase(), RunReason.WriteRefused, RunReason.WriteRefused.explain(refusal));
    return factory.draft.finish();
  }

  private TenantMigrationRunStatus after(Decision decision) {
    draft.observedGeneration = seen.generation();
    if (draft.startTime == null) {
      draft.startTime = now.toString();
    }
    if (seen.isEnded() && !(decision instanceof BeginAttempt)) {
      draft.conditions = conditions.unchanged();
      return draft.finish();
    }
    if (decision instanceof BeginAttempt begin) {
      begin(begin.attempt());
    } else if (decision instanceof StartInspection || decision instanceof RepeatInspection) {
      progress(Phase.Pending, RunReason.Inspecting, RunReason.Inspecting.hint());
    } else if (decision instanceof RecordBundle bundle) {
      record(bundle.report());
    } else if (decision instanceof FreezePlan freeze) {
      freeze(freeze.plan());
    } else if (decision instanceof RestorePlan) {
      progress(workingPhase(), RunReason.PlanRestored, RunReason.PlanRestored.hint());
    } else if (decision instanceof TakeTurn) {
      progress(Phase.Running, RunReason.CohortRunning, "It is this run's turn.");
    } else if (decision instanceof SetGate gate) {
      gate(gate);
    } else if (decision instanceof AwaitGate gate) {
      await(gate);
    } else if (decision instanceof WithdrawGate) {
      draft.ledger = draft.ledger.aborted(now.toString());
      progress(workingPhase(), RunReason.Deleting, RunReason.Deleting.hint());
    } else if (decision instanceof StartCohort start) {
      start(start.progress());
    } else if (decision instanceof AwaitJob await) {
      await.progress().ifPresent(this::run);
      progress(workingPhase(), await.reason(), await.message());
    } else if (decision instanceof Hold hold) {
      hold(hold);
    } else if (decision instanceof EndJob end) {
      progress(workingPhase(), EndJob.shownAs(end.reason()), end.message());
    } else if (decision instanceof SettleCohort settle) {
      settle(settle);
    } else if (decision instanceof AbortRun abort) {
      draft.ledger = draft.ledger.aborted(now.toString());
      abort(null, abort.reason(), abort.message());
    } else if (decision instanceof FinishRun) {
      finish();
    }
    return draft.finish();
  }

  private void begin(int attempt) {
    draft.attempt = attempt;
    draft.completionTime = null;
    draft.nextCohortTime = null;
    RunReason next =
        draft.bundleDigest == null
            ? RunReason.Inspecting
            : draft.planHash == null ? RunReason.Planning : RunReason.CohortRunning;
    progress(workingPhase(), next, "Attempt %d begins.".formatted(attempt));
  }

  private void record(BundleReport report) {
    draft.bundleDigest = report.digest();
    draft.headVersion = report.headVersion();
    draft.codeFloors = report.codeFloors();
    String warnings =
        report.warnings().isEmpty() ? "" : " Warnings: " + String.join("; ", report.warnings());
    progress(
        Phase.Pending,
        RunReason.Planning,
        "The bundle has %d scripts, head is %s.%s"
            .formatted(report.scripts(), report.headVersion(), warnings));
  }

  private void freeze(RolloutPlan plan) {
    draft.planHash = plan.hash();
    draft.cohortCount = plan.cohortCount();
    draft.ledger = CohortLedger.ofPlan(plan.tenantCount());
    draft.estimatedDuration =
        seen.fleet()
            .flatMap(fleet -> RemainingTime.ofFleet(plan, fleet, seen.spec()))
            .map(RemainingTime::text)
            .orElse(null);
    progress(Phase.Running, RunReason.CohortRunning, new PlanStory(seen.spec(), plan).frozen());
  }

  private void start(CohortProgress cohort) {
    boolean again = lostItsJob(cohort.number());
    run(cohort);
    if (again) {
      jobLost(cohort);
      return;
    }
    progress(
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
    progress(
        Phase.Running,
        RunReason.JobLost,
        RunReason.JobLost.explain("Job %s is created again".formatted(cohort.jobName())));
  }

  private void await(AwaitGate gate) {
    draft.nextCohortTime = gate.until().map(Instant::toString).orElse(null);
    if (lostItsJob(gate.progress().number())) {
      jobLost(gate.progress());
    } else {
      progress(workingPhase(), gate.reason(), gate.message());
    }
  }

  private void gate(SetGate gate) {
    run(gate.progress());
    progress(
        Phase.Running,
        RunReason.Gating,
        "Cohort %d of %d: %d tenants become read-only."
            .formatted(
                gate.progress().number(), draft.cohortCount, gate.assignment().tenants().size()));
  }

  private void run(CohortProgress cohort) {
    draft.nextCohortTime = null;
    draft.ledger =
        draft.ledger.with(
            entry(
                cohort.number(), cohort.jobName(), cohort.tally(), CohortState.Running, null, null),
            cohort.tally());
    estimate(cohort.tally());
  }

  private void hold(Hold hold) {
    if (hold.reason() == RunReason.SuspendedByUser
        || hold.reason() == RunReason.AwaitingPromotion) {
      draft.phase = Phase.Suspended;
      draft.conditions = conditions.suspended(hold.reason(), hold.message());
    } else {
      if (hold.reason() == RunReason.WaitingForStagger) {
        draft.nextCohortTime = hold.until().map(Instant::toString).orElse(null);
      }
      progress(workingPhase(), hold.reason(), hold.message());
    }
  }

  private void settle(SettleCohort settle) {
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
      abort(verdict.cohort(), verdict.abort().get().reason(), verdict.abort().get().message());
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
    progress(
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

  private void abort(Integer cohort, RunReason reason, String message) {
    draft.phase = Phase.Aborted;
    draft.completionTime = now.toString();
    draft.nextCohortTime = null;
    draft.estimatedDuration = null;
    draft.abortCount++;
    List<Abort> all =
        Stream.concat(
                draft.aborts.stream(),
                Stream.of(new Abort(seen.attempt(), cohort, reason.name(), now.toString())))
            .toList();
    draft.aborts = all.subList(Math.max(0, all.size() - MOST_ABORTS), all.size());
    draft.conditions = conditions.stalled(reason, message);
  }

  private void finish() {
    draft.completionTime = now.toString();
    draft.nextCohortTime = null;
    draft.estimatedDuration = null;
    Totals totals = draft.ledger.totals();
    if (seen.isPlanMode() && totals.tenants() > 0) {
      PlanFindings findings = new PlanFindings(seen, totals, draft.headVersion);
      draft.phase = Phase.Planned;
      draft.conditions =
          totals.failed() > 0
              ? conditions.stalled(findings.reason(), findings.message())
              : conditions.succeeded(findings.reason(), findings.message());
      return;
    }
    if (totals.failed() > 0) {
      draft.phase = Phase.CompletedWithFailures;
      draft.conditions =
          conditions.stalled(
              RunReason.CompletedWithFailures,
              "%d of %d tenants failed. %s"
                  .formatted(
                      totals.failed(), totals.tenants(), RunReason.CompletedWithFailures.hint()));
      return;
    }
    draft.phase = seen.isPlanMode() ? Phase.Planned : Phase.Succeeded;
    RunReason reason =
        totals.tenants() == 0 ? RunReason.NoTenantMatched : RunReason.AllTenantsCurrent;
    draft.conditions =
        conditions.succeeded(
            reason,
            totals.tenants() == 0
                ? nobody()
                : "%d tenants are at %s: %d migrated, %d already current; %d skipped."
                    .formatted(
                        totals.done(),
                        draft.headVersion,
                        totals.succeeded(),
                        totals.alreadyCurrent(),
                        totals.skipped()));
  }

  private String nobody() {
    String what = RunReason.NoTenantMatched.hint();
    return seen.frozenPlan()
        .map(plan -> new PlanStory(seen.spec(), plan).nobody(what))
        .orElse(what);
  }

  /** Running is who has the turn; who does not waits for it, with a plan or without one. */
  private Phase workingPhase() {
    return seen.hasTurn() ? Phase.Running : Phase.Pending;
  }

  private void progress(Phase phase, RunReason reason, String message) {
    draft.phase = phase;
    draft.conditions = conditions.inProgress(reason, message);
  }
}
