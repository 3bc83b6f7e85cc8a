package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.operator.model.JobState.Progress;
import java.time.Duration;

/**
 * One thing that happens between two reconciles; its text is a sentence.
 *
 * @param tenant number of the tenant that it happens to, or how much of something
 * @param good the kind end of it
 */
record Happening(Kind kind, int tenant, boolean good) {

  /** What it is, and how often compared with the others. */
  enum Kind {
    NOTHING(20),
    OUTCOME(25),
    JOB_ENDS(12),
    ACCESS_FOLLOWS(12),
    ACCESS_OF_ONE_FOLLOWS(3),
    RESUME(8),
    PROMOTE(3),
    OUTCOME_AGAIN(2),
    LATE_OUTCOME(3),
    STALE_OUTCOME(3),
    JOB_VANISHES(3),
    PODS_GONE(4),
    ENDED_JOBS_VANISH(2),
    ASSIGNMENTS_VANISH(1),
    TENANT_VANISHES(2),
    TENANT_CREATED_AGAIN(2),
    TENANT_SUSPENDED(2),
    ABORT(2),
    SUSPEND(3),
    TIME_PASSES(6),
    CLOCK_BACKWARDS(2),
    BACKUP_RESTORED(2),
    STATUS_WRITE_LOST(4),
    DEATH_BETWEEN_WRITES(5);

    private final int frequency;

    Kind(int frequency) {
      this.frequency = frequency;
    }

    int frequency() {
      return frequency;
    }
  }

  void in(SimulatedRun run, RunInvariants invariants) {
    String name = name();
    switch (kind) {
      case NOTHING -> {}
      case OUTCOME -> run.outcomeOfRunner(name, good);
      case OUTCOME_AGAIN -> run.fleet().writeAgain(name);
      case LATE_OUTCOME -> run.lateOutcome(name, good);
      case STALE_OUTCOME -> run.staleOutcome(name);
      case JOB_ENDS -> run.jobs().endLive(good ? Progress.COMPLETE : Progress.FAILED);
      case JOB_VANISHES -> run.liveJobVanishes(good);
      case PODS_GONE -> run.orphanPods(false);
      case ENDED_JOBS_VANISH -> run.jobs().endedOnesVanish();
      case ASSIGNMENTS_VANISH -> run.forgetAssignments();
      case ACCESS_FOLLOWS -> run.accessFollows();
      case ACCESS_OF_ONE_FOLLOWS -> run.accessFollows(name);
      case TENANT_VANISHES -> run.fleet().delete(name);
      case TENANT_CREATED_AGAIN -> run.fleet().recreate(name);
      case TENANT_SUSPENDED ->
          run.fleet().state(name, good ? TenantSpec.State.Active : TenantSpec.State.Suspended);
      case ABORT -> run.abort();
      case SUSPEND -> run.suspend(good);
      case RESUME -> run.resumeIfAllowed();
      case PROMOTE -> run.promoteIfAllowed();
      case TIME_PASSES -> run.wait(Duration.ofSeconds(tenant));
      case CLOCK_BACKWARDS -> run.wait(Duration.ofSeconds(tenant).negated());
      case BACKUP_RESTORED -> {
        run.restore(tenant * STEPS);
        invariants.historyWasRewritten();
      }
      case STATUS_WRITE_LOST -> invariants.stepAndDie(Integer.MAX_VALUE);
      case DEATH_BETWEEN_WRITES -> invariants.stepAndDie(tenant - 1);
    }
  }

  /** A backup is older than what happened a moment ago. */
  private static final int STEPS = 3;

  private String name() {
    return SimulatedRun.name(tenant);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case NOTHING -> "Nothing happens.";
      case OUTCOME ->
          "The pod at work %s %s.".formatted(good ? "is done with" : "fails at", name());
      case OUTCOME_AGAIN -> "The outcome of %s is written once more.".formatted(name());
      case LATE_OUTCOME ->
          "A pod that outlived its Job %s %s."
              .formatted(good ? "is done with" : "fails at", name());
      case STALE_OUTCOME -> "A pod of an older attempt fails at %s.".formatted(name());
      case JOB_ENDS -> "The Job %s.".formatted(good ? "completes" : "fails");
      case JOB_VANISHES ->
          "Somebody deletes the Job%s.".formatted(good ? "; its pods drain" : " and its pods");
      case PODS_GONE -> "Pods that outlived their Job are gone.";
      case ENDED_JOBS_VANISH -> "Somebody cleans up the Jobs that have ended.";
      case ASSIGNMENTS_VANISH -> "Somebody deletes all assignments.";
      case ACCESS_FOLLOWS -> "The access of all tenants follows.";
      case ACCESS_OF_ONE_FOLLOWS -> "The access of %s follows.".formatted(name());
      case TENANT_VANISHES -> "Tenant %s is deleted.".formatted(name());
      case TENANT_CREATED_AGAIN -> "Tenant %s is deleted and created again.".formatted(name());
      case TENANT_SUSPENDED -> "Tenant %s is %s.".formatted(name(), good ? "active" : "suspended");
      case ABORT -> "A person aborts the run.";
      case SUSPEND -> "A person %s the run.".formatted(good ? "suspends" : "unsuspends");
      case RESUME -> "A person raises the attempt, if it may rise.";
      case PROMOTE -> "A person promotes the run, if it can be promoted.";
      case TIME_PASSES -> "%d seconds pass.".formatted(tenant);
      case CLOCK_BACKWARDS -> "The clock jumps %d seconds back.".formatted(tenant);
      case BACKUP_RESTORED ->
          "Somebody restores the run as it was %d steps ago.".formatted(tenant * STEPS);
      case STATUS_WRITE_LOST -> "The operator dies before it writes the status.";
      case DEATH_BETWEEN_WRITES ->
          "The operator dies when it has written %d outcomes.".formatted(tenant - 1);
    };
  }
}
