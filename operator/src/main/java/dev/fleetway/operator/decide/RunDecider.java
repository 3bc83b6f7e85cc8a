package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.BeginAttempt;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.FreezePlan;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.RestoreAssignment;
import dev.fleetway.operator.decide.Decision.RestorePlan;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.WithdrawGate;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import java.time.Instant;
import java.util.Optional;

/** Chooses the one next action of a run. */
public final class RunDecider {
  private RunDecider() {}

  /**
   * Decides.
   *
   * @param plan the frozen plan, or the one to freeze; empty while neither can be had
   */
  public static Decision decide(RunObservation seen, Optional<RolloutPlan> plan, Instant now) {
    return sayingWhatIsOverdue(seen, choose(seen, plan, now));
  }

  /** Whatever a Job is waited for: a pod that does not end in its time is why. */
  private static Decision sayingWhatIsOverdue(RunObservation seen, Decision decision) {
    boolean drains = seen.jobs().stream().noneMatch(job -> job.progress() == Progress.ACTIVE);
    return decision instanceof AwaitJob await && drains && seen.overdue().isPresent()
        ? new AwaitJob(
            seen.overdue().get().reason(), explain(seen.overdue().get()), await.progress())
        : decision;
  }

  private static Decision choose(RunObservation seen, Optional<RolloutPlan> plan, Instant now) {
    if (seen.around().namespaceGoes()) {
      // Its pods drain by themselves; nothing can be created there, and soon nothing written.
      return new Rest();
    }
    if (seen.deleting()) {
      return drainForDeletion(seen);
    }
    if (seen.attempt() < seen.spec().attempt() && (seen.attempt() == 0 || seen.isEnded())) {
      return new BeginAttempt(seen.spec().attempt());
    }
    if (seen.isEnded()) {
      return seen.liveJob()
          .filter(job -> job.endedBy().isEmpty())
          .map(job -> drain(job, RunReason.WaitingForPods))
          .orElseGet(Rest::new);
    }
    if (seen.status().bundleDigest() == null) {
      return new Inspection(seen).decide();
    }
    if (seen.status().planHash() == null) {
      return plan(seen, plan);
    }
    if (seen.frozenPlan().isEmpty()) {
      return plan.filter(found -> found.hash().equals(seen.status().planHash()))
          .<Decision>map(RestorePlan::new)
          .orElseGet(() -> planLost(seen));
    }
    if (seen.around().deleted().plan()) {
      return new RestorePlan(seen.frozenPlan().get());
    }
    if (seen.around().deleted().assignment()) {
      return new RestoreAssignment(seen.assignment().get());
    }
    return seen.currentCohort().isEmpty()
        ? new FinishRun()
        : rollOut(seen, seen.frozenPlan().get(), seen.currentCohort().getAsInt(), now);
  }

  private static Decision drainForDeletion(RunObservation seen) {
    Optional<JobState> live = seen.liveJob();
    if (live.isPresent()) {
      return drain(live.get(), RunReason.Deleting);
    }
    if (seen.hasLivePods()) {
      return new AwaitJob(RunReason.Deleting, RunReason.Deleting.hint(), Optional.empty());
    }
    return Gate.cohort(seen.spec(), seen.status()).isPresent() ? new WithdrawGate() : new Rest();
  }

  /** The pod and its trouble are gone with the Job's deadline; the status still knows them. */
  static String lastSeen(RunObservation seen) {
    var ready = seen.status().condition("Ready");
    return ready == null ? "nothing." : ready.message();
  }

  private static Decision plan(RunObservation seen, Optional<RolloutPlan> plan) {
    if (seen.spec().abort()) {
      return abortedByUser();
    }
    if (seen.spec().suspend()) {
      return suspended("The bundle is inspected; no plan is made yet.");
    }
    return plan.map(found -> freeze(seen, found))
        .orElseGet(() -> new Hold(RunReason.Planning, RunReason.Planning.hint(), Optional.empty()));
  }

  private static Decision freeze(RunObservation seen, RolloutPlan plan) {
    return CodeCompatibility.refusal(seen, plan)
        .or(() -> Turn.wait(seen, plan))
        .orElseGet(() -> new FreezePlan(plan));
  }

  /**
   * Without the plan nobody can say who is in a cohort: a Job at work is drained, then it is over.
   */
  private static Decision planLost(RunObservation seen) {
    return seen.liveJob()
        .map(job -> drain(job, RunReason.PlanLost))
        .orElseGet(() -> new AbortRun(RunReason.PlanLost, RunReason.PlanLost.hint()));
  }

  private static Decision rollOut(RunObservation seen, RolloutPlan plan, int cohort, Instant now) {
    Optional<JobState> job = seen.cohortJob(cohort);
    if (job.isEmpty()) {
      return new NextCohort(seen, plan, cohort).decide(now);
    }
    if (seen.assignment().isEmpty()) {
      return job.get().isLive()
          ? drain(job.get(), RunReason.PlanLost)
          : new AbortRun(RunReason.PlanLost, RunReason.PlanLost.hint());
    }
    CohortTally tally = tally(seen, plan, cohort, seen.assignment().get());
    if (job.get().isLive()) {
      return new RunningCohort(seen, plan, job.get(), seen.assignment().get(), tally).decide();
    }
    return settle(seen, cohort, job, tally);
  }

  static Decision settle(
      RunObservation seen, int cohort, Optional<JobState> job, CohortTally tally) {
    return new SettleCohort(
        CohortVerdict.of(
            cohort,
            seen.attempt(),
            job,
            tally,
            seen.spec().abort(),
            seen.abortPercent(),
            job.flatMap(JobState::trouble)
                .map(RunDecider::explain)
                .orElseGet(() -> lastSeen(seen))),
        seen.resultName(cohort));
  }

  static CohortTally tally(
      RunObservation seen, RolloutPlan plan, int cohort, Assignment assignment) {
    return CohortTally.of(
        seen.names().runUid(), seen.attempt(), plan.cohort(cohort), assignment, seen.tenants());
  }

  static Decision drain(JobState job, RunReason why) {
    return job.endedBy().isPresent()
        ? new AwaitJob(
            EndJob.shownAs(why),
            "Job %s was told to stop and drains.".formatted(job.name()),
            Optional.empty())
        : new EndJob(job.name(), why, "Job %s is told to stop.".formatted(job.name()));
  }

  static Decision abortedByUser() {
    return new AbortRun(RunReason.AbortedByUser, RunReason.AbortedByUser.hint());
  }

  static Decision suspended(String where) {
    return new Hold(
        RunReason.SuspendedByUser, RunReason.SuspendedByUser.explain(where), Optional.empty());
  }

  static String explain(JobState.StartTrouble trouble) {
    return trouble.reason().explain(trouble.message());
  }
}
