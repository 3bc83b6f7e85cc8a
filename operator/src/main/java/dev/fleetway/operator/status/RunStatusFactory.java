package dev.fleetway.operator.status;

import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.AwaitGate;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.BeginAttempt;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.FreezePlan;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.RecordBundle;
import dev.fleetway.operator.decide.Decision.RepeatInspection;
import dev.fleetway.operator.decide.Decision.RestoreAssignment;
import dev.fleetway.operator.decide.Decision.RestorePlan;
import dev.fleetway.operator.decide.Decision.SetGate;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.decide.Decision.TakeTurn;
import dev.fleetway.operator.decide.Decision.WithdrawGate;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import java.time.Instant;

/** Computes the whole next status of a run. */
public final class RunStatusFactory {
  private final RunObservation seen;
  private final Instant now;
  private final StatusDraft draft;
  private final CohortSteps cohort;
  private final RunEnding ending;

  private RunStatusFactory(RunObservation seen, Instant now) {
    this.seen = seen;
    this.now = now;
    this.draft = new StatusDraft(seen.status(), seen.generation(), now);
    this.cohort = new CohortSteps(seen, now, draft);
    this.ending = new RunEnding(seen, now, draft);
  }

  /** The status after this decision was applied. */
  public static TenantMigrationRunStatus status(
      RunObservation seen, Decision decision, Instant now) {
    return new RunStatusFactory(seen, now).after(decision);
  }

  /** The status when the API server refused what the decision needs. */
  public static TenantMigrationRunStatus refused(RunObservation seen, String refusal, Instant now) {
    RunStatusFactory factory = new RunStatusFactory(seen, now);
    factory.draft.progress(
        factory.workingPhase(), RunReason.WriteRefused, RunReason.WriteRefused.explain(refusal));
    return factory.draft.finish();
  }

  private TenantMigrationRunStatus after(Decision decision) {
    if (draft.startTime == null) {
      draft.startTime = now.toString();
    }
    if (seen.isEnded() && !(decision instanceof BeginAttempt)) {
      draft.leaveAsItIs();
      return draft.finish();
    }
    if (decision instanceof BeginAttempt begin) {
      begin(begin.attempt());
    } else if (decision instanceof StartInspection || decision instanceof RepeatInspection) {
      draft.progress(Phase.Pending, RunReason.Inspecting, RunReason.Inspecting.hint());
    } else if (decision instanceof RecordBundle bundle) {
      record(bundle.report());
    } else if (decision instanceof FreezePlan freeze) {
      freeze(freeze.plan());
    } else if (decision instanceof RestorePlan || decision instanceof RestoreAssignment) {
      draft.progress(workingPhase(), RunReason.PlanRestored, RunReason.PlanRestored.hint());
    } else if (decision instanceof TakeTurn) {
      draft.progress(Phase.Running, RunReason.CohortRunning, "It is this run's turn.");
    } else if (decision instanceof SetGate gate) {
      cohort.gate(gate);
    } else if (decision instanceof AwaitGate gate) {
      cohort.await(gate, workingPhase());
    } else if (decision instanceof WithdrawGate) {
      draft.ledger = draft.ledger.aborted(now.toString());
      draft.progress(workingPhase(), RunReason.Deleting, RunReason.Deleting.hint());
    } else if (decision instanceof StartCohort start) {
      cohort.start(start.progress());
    } else if (decision instanceof AwaitJob await) {
      await.progress().ifPresent(cohort::run);
      draft.progress(workingPhase(), await.reason(), await.message());
    } else if (decision instanceof Hold hold) {
      hold(hold);
    } else if (decision instanceof EndJob end) {
      draft.progress(workingPhase(), EndJob.shownAs(end.reason()), end.message());
    } else if (decision instanceof SettleCohort settle) {
      cohort.settle(settle);
    } else if (decision instanceof AbortRun abort) {
      draft.ledger = draft.ledger.aborted(now.toString());
      ending.abort(null, abort.reason(), abort.message());
    } else if (decision instanceof FinishRun) {
      ending.finish();
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
    draft.progress(workingPhase(), next, "Attempt %d begins.".formatted(attempt));
  }

  private void record(BundleReport report) {
    draft.bundleDigest = report.digest();
    draft.headVersion = report.headVersion();
    draft.codeFloors = report.codeFloors();
    String warnings =
        report.warnings().isEmpty() ? "" : " Warnings: " + String.join("; ", report.warnings());
    draft.progress(
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
    draft.progress(
        Phase.Running, RunReason.CohortRunning, new PlanStory(seen.spec(), plan).frozen());
  }

  private void hold(Hold hold) {
    if (hold.reason() == RunReason.SuspendedByUser
        || hold.reason() == RunReason.AwaitingPromotion) {
      draft.suspend(hold.reason(), hold.message());
    } else {
      if (hold.reason() == RunReason.WaitingForStagger) {
        draft.nextCohortTime = hold.until().map(Instant::toString).orElse(null);
      }
      draft.progress(workingPhase(), hold.reason(), hold.message());
    }
  }

  /** Running is who has the turn; who does not waits for it, with a plan or without one. */
  private Phase workingPhase() {
    return seen.hasTurn() ? Phase.Running : Phase.Pending;
  }
}
