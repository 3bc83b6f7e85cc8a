package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.BeginAttempt;
import dev.fleetway.operator.decide.Decision.CohortProgress;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.FreezePlan;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.RecordBundle;
import dev.fleetway.operator.decide.Decision.RepeatInspection;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.RestorePlan;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.decide.Decision.TakeTurn;
import dev.fleetway.operator.decide.Decision.WithdrawGate;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.plan.CohortAssigner;
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
      return inspect(seen);
    }
    if (seen.status().planHash() == null) {
      return plan(seen, plan);
    }
    if (seen.frozenPlan().isEmpty()) {
      return plan.filter(found -> found.hash().equals(seen.status().planHash()))
          .<Decision>map(RestorePlan::new)
          .orElseGet(() -> planLost(seen));
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

  private static Decision inspect(RunObservation seen) {
    Optional<JobState> found = seen.inspectJob();
    if (found.isPresent() && found.get().isLive()) {
      return seen.spec().abort()
          ? drain(found.get(), RunReason.AbortedByUser)
          : awaitInspection(found.get());
    }
    if (seen.spec().abort()) {
      return abortedByUser();
    }
    if (found.isPresent()) {
      return inspected(seen, found.get());
    }
    if (seen.liveJob().isPresent()) {
      return drain(seen.liveJob().get(), RunReason.WaitingForPods);
    }
    return seen.spec().suspend()
        ? suspended("Nothing has started.")
        : new StartInspection(seen.names().inspectJob(seen.attempt()));
  }

  private static Decision awaitInspection(JobState job) {
    return job.trouble()
        .map(trouble -> new AwaitJob(trouble.reason(), explain(trouble), Optional.empty()))
        .orElseGet(
            () ->
                new AwaitJob(
                    RunReason.Inspecting,
                    "Job %s reads the bundle.".formatted(job.name()),
                    Optional.empty()));
  }

  private static Decision inspected(RunObservation seen, JobState job) {
    Optional<PodError> error = job.error();
    if (error.isPresent()) {
      RunReason reason = RunReason.of(error.get().reason(), RunReason.InspectionFailed);
      return new AbortRun(reason, reason.explain(error.get().message()));
    }
    if (job.progress() == JobState.Progress.COMPLETE) {
      return report(job);
    }
    return new AbortRun(
        RunReason.InspectionFailed,
        "Job %s: %s. Last seen: %s %s"
            .formatted(
                job.name(),
                job.failure().orElse("failed"),
                lastSeen(seen),
                RunReason.InspectionFailed.hint()));
  }

  private static Decision report(JobState job) {
    if (job.lastWord().isPresent() && job.lastWord().get().bundle() != null) {
      return new RecordBundle(job.lastWord().get().bundle());
    }
    return job.podEnded()
        ? new AbortRun(
            RunReason.InspectionFailed,
            "Job %s ended well and reported nothing: is its image a Fleetway runner?"
                .formatted(job.name()))
        : new RepeatInspection(job.name());
  }

  /** The pod and its trouble are gone with the Job's deadline; the status still knows them. */
  private static String lastSeen(RunObservation seen) {
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
      return next(seen, plan, cohort, now);
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

  private static Decision next(RunObservation seen, RolloutPlan plan, int cohort, Instant now) {
    if (seen.liveJob().isPresent()) {
      return drain(seen.liveJob().get(), RunReason.WaitingForPods);
    }
    if (seen.hasLivePods()) {
      return new AwaitJob(
          RunReason.WaitingForPods, RunReason.WaitingForPods.hint(), Optional.empty());
    }
    if (seen.spec().abort()) {
      return seen.assignment()
          .map(
              started -> settle(seen, cohort, Optional.empty(), tally(seen, plan, cohort, started)))
          .orElseGet(RunDecider::abortedByUser);
    }
    // What has started is finished: it may hold a gate.
    if (!seen.isRunning(cohort)) {
      Optional<Decision> wait = waitBetweenCohorts(seen, plan, cohort, now);
      if (wait.isPresent()) {
        return wait.get();
      }
    }
    Assignment assignment =
        seen.assignment().orElseGet(() -> CohortAssigner.assign(seen, plan, cohort));
    CohortTally tally = tally(seen, plan, cohort, assignment);
    if (assignment.tenants().isEmpty() || tally.trips(seen.abortPercent())) {
      return settle(seen, cohort, Optional.empty(), tally);
    }
    return refusal(seen, assignment)
        .orElseGet(
            () ->
                CohortGate.before(
                    new StartCohort(
                        assignment,
                        new CohortProgress(
                            cohort, seen.names().cohortJob(cohort, seen.attempt()), tally)),
                    seen,
                    now));
  }

  private static Optional<Decision> waitBetweenCohorts(
      RunObservation seen, RolloutPlan plan, int cohort, Instant now) {
    String where = "%d of %d cohorts are closed.".formatted(closed(seen), plan.cohortCount());
    if (seen.spec().suspend()) {
      return Optional.of(suspended(where));
    }
    if (awaitsPromotion(seen, cohort)) {
      return Optional.of(
          new Hold(
              RunReason.AwaitingPromotion,
              RunReason.AwaitingPromotion.explain(where),
              Optional.empty()));
    }
    if (!seen.hasTurn()) {
      return Turn.wait(seen, plan).or(() -> Optional.of(new TakeTurn()));
    }
    return staggerEnd(seen, now)
        .map(
            end ->
                new Hold(
                    RunReason.WaitingForStagger,
                    "Cohort %d of %d starts at %s.".formatted(cohort, plan.cohortCount(), end),
                    Optional.of(end)));
  }

  /** Cohorts that run again at the end were promoted before. */
  private static boolean awaitsPromotion(RunObservation seen, int cohort) {
    Integer pauseAfter = seen.spec().rollout().pauseAfter();
    return pauseAfter != null
        && !seen.spec().promote()
        && closed(seen) >= pauseAfter
        && cohort > closed(seen);
  }

  /** An end that is further away than the whole pause was written before the clock was set back. */
  private static Optional<Instant> staggerEnd(RunObservation seen, Instant now) {
    Instant latest = now.plus(seen.spec().rollout().staggerTime());
    return Optional.ofNullable(seen.status().nextCohortTime())
        .map(Instant::parse)
        .filter(end -> end.isAfter(now))
        .map(end -> end.isAfter(latest) ? latest : end);
  }

  /** Only before the cohort starts: what has an assignment is settled, not dropped. */
  private static Optional<Decision> refusal(RunObservation seen, Assignment next) {
    return seen.assignment().isPresent() ? Optional.empty() : CodeCompatibility.refusal(seen, next);
  }

  private static Decision settle(
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

  private static CohortTally tally(
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

  private static Decision abortedByUser() {
    return new AbortRun(RunReason.AbortedByUser, RunReason.AbortedByUser.hint());
  }

  private static Decision suspended(String where) {
    return new Hold(
        RunReason.SuspendedByUser, RunReason.SuspendedByUser.explain(where), Optional.empty());
  }

  static String explain(JobState.StartTrouble trouble) {
    return trouble.reason().explain(trouble.message());
  }

  private static int closed(RunObservation seen) {
    return seen.status().lastClosedCohort() == null ? 0 : seen.status().lastClosedCohort();
  }
}
