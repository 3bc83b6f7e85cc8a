package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Abort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.model.OlderFailure;
import dev.fleetway.operator.model.RunReason;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The next status while it is being computed; starts as a copy of the last one. */
final class StatusDraft {
  long observedGeneration;
  Phase phase;
  String bundleDigest;
  String headVersion;
  List<CodeFloor> codeFloors;
  String planHash;
  Integer attempt;
  int abortCount;
  List<Abort> aborts;
  CohortLedger ledger;
  Integer cohortCount;
  int lastClosedCohort;
  String nextCohortTime;
  String estimatedDuration;
  String startTime;
  String completionTime;
  List<Condition> conditions;
  private final RunConditions next;

  /** A copy of the last status, seen at this generation and time. */
  StatusDraft(TenantMigrationRunStatus last, long generation, Instant now) {
    observedGeneration = generation;
    next = new RunConditions(last.conditions(), generation, now);
    phase = last.phase();
    bundleDigest = last.bundleDigest();
    headVersion = last.headVersion();
    codeFloors = last.codeFloors();
    planHash = last.planHash();
    attempt = last.attempt();
    abortCount = Objects.requireNonNullElse(last.abortCount(), 0);
    aborts = last.aborts();
    ledger =
        new CohortLedger(
            last.totals(),
            last.cohorts(),
            OlderFailure.parse(last.olderFailures()),
            last.failures(),
            last.failureGroups());
    cohortCount = last.cohortCount();
    lastClosedCohort = Objects.requireNonNullElse(last.lastClosedCohort(), 0);
    nextCohortTime = last.nextCohortTime();
    estimatedDuration = last.estimatedDuration();
    startTime = last.startTime();
    completionTime = last.completionTime();
    conditions = last.conditions();
  }

  /** The run goes on, or waits for something that comes by itself. */
  void progress(Phase phase, RunReason reason, String message) {
    this.phase = phase;
    conditions = next.inProgress(reason, message);
  }

  /** The run waits for a person. */
  void suspend(RunReason reason, String message) {
    phase = Phase.Suspended;
    conditions = next.suspended(reason, message);
  }

  /** The run is over, and all is well. */
  void succeed(Phase phase, RunReason reason, String message) {
    this.phase = phase;
    conditions = next.succeeded(reason, message);
  }

  /** The run is over, and needs somebody. */
  void stall(Phase phase, RunReason reason, String message) {
    this.phase = phase;
    conditions = next.stalled(reason, message);
  }

  /** The run is over as it was. */
  void leaveAsItIs() {
    conditions = next.unchanged();
  }

  TenantMigrationRunStatus finish() {
    return new TenantMigrationRunStatus(
        observedGeneration,
        phase,
        bundleDigest,
        headVersion,
        planHash,
        attempt,
        abortCount,
        aborts,
        ledger.totals(),
        cohortCount,
        lastClosedCohort,
        cohortCount == null ? null : lastClosedCohort + "/" + cohortCount,
        ledger.cohorts(),
        OlderFailure.format(ledger.older()),
        nextCohortTime,
        estimatedDuration,
        ledger.failures(),
        ledger.groups(),
        codeFloors,
        startTime,
        completionTime,
        conditions);
  }
}
