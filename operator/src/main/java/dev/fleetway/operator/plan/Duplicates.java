package dev.fleetway.operator.plan;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.Target;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.RunObservation;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Finds, as a cohort is gone through in plan order, the tenants whose target belongs to another.
 *
 * <p>The plan says who was a duplicate when it was frozen; what counts is where the tenants of the
 * cohort, and those that the plan names as its predecessors, live now. A correction before the
 * cohort starts, or before the next attempt, is honoured, and no two tenants of a cohort are
 * migrated at one target.
 */
final class Duplicates {
  private final RunObservation seen;
  private final RolloutPlan plan;
  private final Set<Target> taken = new HashSet<>();

  private Duplicates(RunObservation seen, RolloutPlan plan) {
    this.seen = seen;
    this.plan = plan;
  }

  static Duplicates of(RunObservation seen, RolloutPlan plan) {
    return new Duplicates(seen, plan);
  }

  /** The next tenant of the cohort that is not skipped. */
  Optional<TenantReason> judge(PlannedTenant planned, TenantView view) {
    Target target = Target.of(view.spec().database());
    boolean first = taken.add(target);
    boolean fails =
        !first || plan.predecessors(planned).stream().anyMatch(other -> holds(other, target));
    return fails && !CohortAssigner.isDone(view, seen.names().runUid())
        ? Optional.of(TenantReason.DuplicateTarget)
        : Optional.empty();
  }

  private boolean holds(PlannedTenant other, Target target) {
    TenantView view = seen.tenants().get(other.name());
    return CohortAssigner.skipped(other, view, seen.names().runUid()).isEmpty()
        && Target.of(view.spec().database()).equals(target);
  }
}
