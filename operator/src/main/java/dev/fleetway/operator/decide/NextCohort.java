package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.CohortProgress;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.TakeTurn;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.plan.CohortAssigner;
import java.time.Instant;
import java.util.Optional;

/** A cohort without a Job: what comes before it, or its start. */
record NextCohort(RunObservation seen, RolloutPlan plan, int cohort) {

  Decision decide(Instant now) {
    if (seen.liveJob().isPresent()) {
      return RunDecider.drain(seen.liveJob().get(), RunReason.WaitingForPods);
    }
    if (seen.hasLivePods()) {
      return new AwaitJob(
          RunReason.WaitingForPods, RunReason.WaitingForPods.hint(), Optional.empty());
    }
    if (seen.spec().abort()) {
      return seen.assignment()
          .map(
              started ->
                  RunDecider.settle(
                      seen,
                      cohort,
                      Optional.empty(),
                      RunDecider.tally(seen, plan, cohort, started)))
          .orElseGet(RunDecider::abortedByUser);
    }
    // What has started is finished: it may hold a gate.
    if (!seen.isRunning(cohort)) {
      Optional<Decision> wait = waitBetweenCohorts(now);
      if (wait.isPresent()) {
        return wait.get();
      }
    }
    Assignment assignment =
        seen.assignment().orElseGet(() -> CohortAssigner.assign(seen, plan, cohort));
    CohortTally tally = RunDecider.tally(seen, plan, cohort, assignment);
    if (assignment.tenants().isEmpty() || tally.trips(seen.abortPercent())) {
      return RunDecider.settle(seen, cohort, Optional.empty(), tally);
    }
    return refusal(assignment)
        .orElseGet(
            () ->
                CohortGate.before(
                    new StartCohort(
                        assignment,
                        seen.assignment().isPresent(),
                        new CohortProgress(
                            cohort, seen.names().cohortJob(cohort, seen.attempt()), tally)),
                    seen,
                    now));
  }

  private Optional<Decision> waitBetweenCohorts(Instant now) {
    String where = "%d of %d cohorts are closed.".formatted(closed(), plan.cohortCount());
    if (seen.spec().suspend()) {
      return Optional.of(RunDecider.suspended(where));
    }
    if (awaitsPromotion()) {
      return Optional.of(
          new Hold(
              RunReason.AwaitingPromotion,
              RunReason.AwaitingPromotion.explain(where),
              Optional.empty()));
    }
    if (!seen.hasTurn()) {
      return Turn.wait(seen, plan).or(() -> Optional.of(new TakeTurn()));
    }
    return staggerEnd(now)
        .map(
            end ->
                new Hold(
                    RunReason.WaitingForStagger,
                    "Cohort %d of %d starts at %s.".formatted(cohort, plan.cohortCount(), end),
                    Optional.of(end)));
  }

  /** Cohorts that run again at the end were promoted before. */
  private boolean awaitsPromotion() {
    Integer pauseAfter = seen.spec().rollout().pauseAfter();
    return pauseAfter != null
        && !seen.spec().promote()
        && closed() >= pauseAfter
        && cohort > closed();
  }

  /** An end that is further away than the whole pause was written before the clock was set back. */
  private Optional<Instant> staggerEnd(Instant now) {
    Instant latest = now.plus(seen.spec().rollout().staggerTime());
    return Optional.ofNullable(seen.status().nextCohortTime())
        .map(Instant::parse)
        .filter(end -> end.isAfter(now))
        .map(end -> end.isAfter(latest) ? latest : end);
  }

  /** Only before the cohort starts: what has an assignment is settled, not dropped. */
  private Optional<Decision> refusal(Assignment next) {
    return seen.assignment().isPresent() ? Optional.empty() : CodeCompatibility.refusal(seen, next);
  }

  private int closed() {
    return seen.status().lastClosedCohort() == null ? 0 : seen.status().lastClosedCohort();
  }
}
