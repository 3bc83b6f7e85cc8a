package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.CohortProgress;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import java.util.Optional;

/** A cohort whose Job is alive: wait for it, or tell it to stop. */
record RunningCohort(
    RunObservation seen, RolloutPlan plan, JobState job, Assignment assignment, CohortTally tally) {

  Decision decide() {
    if (seen.spec().abort() && job.endedBy().isEmpty()) {
      return RunDecider.drain(job, RunReason.AbortedByUser);
    }
    return tripsAcrossShards() && job.endedBy().isEmpty() ? end() : await();
  }

  /** One pod stops by itself at the abort rate; several do not know of each other's failures. */
  private boolean tripsAcrossShards() {
    return assignment.shards() > 1 && tally.trips(seen.abortPercent());
  }

  private Decision end() {
    return new EndJob(
        job.name(),
        RunReason.AbortRateExceeded,
        "Cohort %d: the failures of %d pods together reach the abort rate; Job %s is told to stop."
            .formatted(assignment.cohort(), assignment.shards(), job.name()));
  }

  private Decision await() {
    Optional<CohortProgress> progress =
        Optional.of(new CohortProgress(assignment.cohort(), job.name(), tally));
    if (job.endedBy().isPresent()) {
      return new AwaitJob(RunReason.Aborting, RunReason.Aborting.hint(), progress);
    }
    if (job.trouble().isPresent()) {
      return new AwaitJob(
          job.trouble().get().reason(), RunDecider.explain(job.trouble().get()), progress);
    }
    return new AwaitJob(
        RunReason.CohortRunning,
        "Cohort %d of %d: Job %s %s %d tenants."
            .formatted(
                assignment.cohort(),
                plan.cohortCount(),
                job.name(),
                assignment.mode() == Mode.Plan ? "reports on" : "migrates",
                assignment.tenants().size()),
        progress);
  }
}
