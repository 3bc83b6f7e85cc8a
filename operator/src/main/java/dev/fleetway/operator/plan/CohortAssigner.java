package dev.fleetway.operator.plan;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Execution;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.operator.model.AbortRule;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.RunObservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says who of a cohort is migrated in this attempt and who is left out. */
public final class CohortAssigner {
  private CohortAssigner() {}

  /** The assignment of a cohort that is about to start. */
  public static Assignment assign(RunObservation seen, RolloutPlan plan, int cohort) {
    List<Assignment.Member> members = new ArrayList<>();
    List<Assignment.SkippedMember> leftOut = new ArrayList<>();
    Duplicates duplicates = Duplicates.of(seen, plan);
    String runUid = seen.names().runUid();
    for (PlannedTenant planned : plan.cohort(cohort)) {
      TenantView view = seen.tenants().get(planned.name());
      Optional<TenantReason> reason =
          skipped(planned, view, runUid).or(() -> duplicates.judge(planned, view));
      if (reason.isPresent()) {
        leftOut.add(new Assignment.SkippedMember(planned.name(), planned.uid(), reason.get()));
      } else if (!isFinal(view, seen)) {
        members.add(
            new Assignment.Member(planned.name(), planned.uid(), 0, view.spec().database()));
      }
    }
    TenantMigrationRunSpec spec = seen.spec();
    return new Assignment(
        seen.namespace(),
        seen.names().run(),
        seen.names().runUid(),
        seen.attempt(),
        cohort,
        spec.mode(),
        migrations(spec, plan.bundleDigest(), seen.status().headVersion()),
        limits(spec, failureThreshold(seen, plan.cohort(cohort).size(), leftOut)),
        ShardPlan.divide(members, spec.execution().shards()),
        leftOut);
  }

  /** So many failures of a pod reach the rate, with those that need no pod. */
  private static int failureThreshold(
      RunObservation seen, int planned, List<Assignment.SkippedMember> leftOut) {
    int failed =
        (int)
            leftOut.stream()
                .filter(tenant -> tenant.reason().outcome() == TenantStatus.Outcome.Failed)
                .count();
    int size = planned - (leftOut.size() - failed);
    return Math.max(1, AbortRule.threshold(size, seen.abortPercent()) - failed);
  }

  private static Assignment.Migrations migrations(
      TenantMigrationRunSpec spec, String digest, String headVersion) {
    return new Assignment.Migrations(
        digest,
        headVersion,
        spec.baselineVersion(),
        spec.migrations().placeholders(),
        spec.migrations().outOfOrder(),
        spec.migrations().realignChecksums(),
        spec.compatibility() == null ? null : spec.compatibility().codeVersion());
  }

  private static Assignment.Limits limits(TenantMigrationRunSpec spec, int failureThreshold) {
    Execution execution = spec.execution();
    return new Assignment.Limits(
        execution.concurrency(),
        execution.maxConcurrencyPerServer(),
        execution.tenantTime().toMillis(),
        execution.lockTime().toMillis(),
        execution.retries(),
        failureThreshold);
  }

  static Optional<TenantReason> skipped(PlannedTenant planned, TenantView view, String runUid) {
    if (planned.uid() == null) {
      return Optional.of(TenantReason.TenantNotFound);
    }
    if (view == null || !view.uid().equals(planned.uid())) {
      return Optional.of(TenantReason.TenantDeleted);
    }
    // Who succeeded in an older attempt stays so, suspended since or not.
    return view.spec().state() == TenantSpec.State.Suspended && !isDone(view, runUid)
        ? Optional.of(TenantReason.TenantSuspended)
        : Optional.empty();
  }

  /** Of this attempt already, or a newer one: the run may have come back from a backup. */
  private static boolean isFinal(TenantView view, RunObservation seen) {
    String runUid = seen.names().runUid();
    return isDone(view, runUid)
        || view.outcomeOf(runUid).filter(found -> found.attempt() >= seen.attempt()).isPresent();
  }

  static boolean isDone(TenantView view, String runUid) {
    return view.outcomeOf(runUid)
        .map(TenantStatus.LastRun::outcome)
        .map(TenantStatus.Outcome::isSuccess)
        .orElse(false);
  }
}
