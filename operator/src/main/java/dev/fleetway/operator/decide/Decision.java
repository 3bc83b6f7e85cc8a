package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import java.time.Instant;
import java.util.Optional;

/** The one next action of a run. */
public sealed interface Decision {

  /** Status only: take up {@code spec.attempt}. */
  record BeginAttempt(int attempt) implements Decision {}

  /** Create the Job that reads the bundle. */
  record StartInspection(String jobName) implements Decision {}

  /** Delete an inspection whose report can no longer be read; the next observation starts anew. */
  record RepeatInspection(String jobName) implements Decision {}

  /** Status only: remember what the inspection found. */
  record RecordBundle(BundleReport report) implements Decision {}

  /** Store the plan for ever. */
  record FreezePlan(RolloutPlan plan) implements Decision {}

  /** Store the frozen plan once more: somebody deleted it, and it is still known. */
  record RestorePlan(RolloutPlan plan) implements Decision {}

  /**
   * Store the current cohort's assignment once more: somebody deleted it, and it is still known.
   */
  record RestoreAssignment(Assignment assignment) implements Decision {}

  /** Status only: a run with a frozen plan goes on; no other run may touch its tenants now. */
  record TakeTurn() implements Decision {}

  /** Store the assignment and say that the cohort runs: from then on its tenants are read-only. */
  record SetGate(Assignment assignment, CohortProgress progress) implements Decision {}

  /** The cohort's tenants become read-only, or applications get time to notice. */
  record AwaitGate(
      CohortProgress progress, RunReason reason, String message, Optional<Instant> until)
      implements Decision {}

  /** Status only: the run is deleted and drained, its cohort no longer runs and gates nobody. */
  record WithdrawGate() implements Decision {}

  /**
   * Create the cohort's Job.
   *
   * @param isStored whether the assignment is stored already
   */
  record StartCohort(Assignment assignment, boolean isStored, CohortProgress progress)
      implements Decision {}

  /** A Job is at work: look again when something changes. */
  record AwaitJob(RunReason reason, String message, Optional<CohortProgress> progress)
      implements Decision {}

  /** No Job is at work, and none may start yet. */
  record Hold(RunReason reason, String message, Optional<Instant> until) implements Decision {}

  /** Tell a Job to stop; it drains. */
  record EndJob(String jobName, RunReason reason, String message) implements Decision {
    /** The run's reason while a Job drains for this one. */
    public static RunReason shownAs(RunReason why) {
      return why == RunReason.Deleting || why == RunReason.WaitingForPods
          ? why
          : RunReason.Aborting;
    }
  }

  /** Write what is missing, store the cohort's result under this name, close or abort it. */
  record SettleCohort(CohortVerdict verdict, String resultName) implements Decision {}

  /** Stop, without a cohort at work. */
  record AbortRun(RunReason reason, String message) implements Decision {}

  /** The attempt went through the whole plan. */
  record FinishRun() implements Decision {}

  /** The run has ended, is deleted and drained, or goes with its namespace: nothing to do. */
  record Rest() implements Decision {}

  /**
   * How far the cohort at work is.
   *
   * @param number its number
   * @param jobName its Job
   * @param tally its tenants
   */
  record CohortProgress(int number, String jobName, CohortTally tally) {}

  /** Does a Job live after this action? */
  default boolean keepsJobAlive() {
    return this instanceof StartInspection
        || this instanceof StartCohort
        // one that goes on as if nothing had happened
        || this instanceof RestorePlan
        || this instanceof RestoreAssignment
        || this instanceof AwaitJob
        || this instanceof EndJob;
  }

  /** May the run not vanish after this action: because of a Job, or of a gate? */
  default boolean needsFinalizer() {
    return keepsJobAlive()
        || this instanceof SetGate
        || this instanceof AwaitGate
        || this instanceof WithdrawGate;
  }
}
