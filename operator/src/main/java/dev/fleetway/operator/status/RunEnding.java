package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Abort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** How a run ends, or an attempt of it. */
final class RunEnding {
  private static final int MOST_ABORTS = 10;

  private final RunObservation seen;
  private final Instant now;
  private final StatusDraft draft;

  RunEnding(RunObservation seen, Instant now, StatusDraft draft) {
    this.seen = seen;
    this.now = now;
    this.draft = draft;
  }

  /**
   * It stops before it is through.
   *
   * @param cohort the cohort that it stops at; null for none
   */
  void abort(Integer cohort, RunReason reason, String message) {
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
    draft.stall(Phase.Aborted, reason, message);
  }

  /** It went through the whole plan. */
  void finish() {
    draft.completionTime = now.toString();
    draft.nextCohortTime = null;
    draft.estimatedDuration = null;
    Totals totals = draft.ledger.totals();
    if (seen.isPlanMode() && totals.tenants() > 0) {
      finishPlan(totals);
    } else if (totals.failed() > 0) {
      draft.stall(
          Phase.CompletedWithFailures,
          RunReason.CompletedWithFailures,
          "%d of %d tenants failed.%s %s"
              .formatted(
                  totals.failed(),
                  totals.tenants(),
                  missing(),
                  RunReason.CompletedWithFailures.hint()));
    } else {
      draft.succeed(
          seen.isPlanMode() ? Phase.Planned : Phase.Succeeded,
          totals.tenants() == 0 ? RunReason.NoTenantMatched : RunReason.AllTenantsCurrent,
          totals.tenants() == 0 ? nobody() : allCurrent(totals));
    }
  }

  private void finishPlan(Totals totals) {
    PlanFindings findings = new PlanFindings(seen, totals, draft.headVersion);
    if (totals.failed() > 0) {
      draft.stall(Phase.Planned, findings.reason(), findings.message());
    } else {
      draft.succeed(Phase.Planned, findings.reason(), findings.message());
    }
  }

  private String allCurrent(Totals totals) {
    return "%d tenants are at %s: %d migrated, %d already current; %d skipped.%s"
        .formatted(
            totals.done(),
            draft.headVersion,
            totals.succeeded(),
            totals.alreadyCurrent(),
            totals.skipped(),
            missing());
  }

  /** A name with a slip in it must not look like a success of its tenant. */
  private String missing() {
    return seen.frozenPlan()
        .flatMap(plan -> new PlanStory(seen.spec(), plan).missing())
        .map(" "::concat)
        .orElse("");
  }

  private String nobody() {
    String what = RunReason.NoTenantMatched.hint();
    return seen.frozenPlan()
        .map(plan -> new PlanStory(seen.spec(), plan).nobody(what))
        .orElse(what);
  }
}
