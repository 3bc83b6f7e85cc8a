package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says in words how a plan came about, and what of the selection matched nothing. */
record PlanStory(TenantMigrationRunSpec spec, RolloutPlan plan) {
  private static final int NAMED = 3;

  /** When the plan is frozen. */
  String frozen() {
    return sentences(
        "The plan is frozen: %d tenants in %d cohorts."
            .formatted(plan.tenantCount(), plan.cohortCount()));
  }

  /** When there is nobody in it. */
  String nobody(String what) {
    return sentences(
        plan.selection()
            .map(found -> "%s The namespace has %d tenants.".formatted(what, found.fleet()))
            .orElse(what));
  }

  /** Which names no tenant had; empty when each had one. */
  Optional<String> missing() {
    List<String> missing =
        plan.tenants().filter(tenant -> tenant.uid() == null).map(PlannedTenant::name).toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String more = missing.size() > NAMED ? " and %d more".formatted(missing.size() - NAMED) : "";
    return Optional.of(
        "%d of spec.tenants.names do not exist: %s%s."
            .formatted(
                missing.size(),
                missing.stream().limit(NAMED).collect(Collectors.joining(", ")),
                more));
  }

  private String sentences(String first) {
    List<String> sentences = new ArrayList<>(List.of(first));
    missing().ifPresent(sentences::add);
    long duplicates = plan.tenants().filter(tenant -> tenant.duplicateOf() != null).count();
    if (duplicates > 0) {
      sentences.add("%d have the target of another tenant.".formatted(duplicates));
    }
    plan.selection().ifPresent(selection -> addNumbers(selection, sentences));
    return String.join(" ", sentences);
  }

  private void addNumbers(Selection selection, List<String> sentences) {
    if (selection.otherState() > 0) {
      sentences.add(
          "%d more are selected, but in a state that spec.tenants.states leaves out."
              .formatted(selection.otherState()));
    }
    Optional.ofNullable(selection.leading())
        .map(
            count ->
                count == 0
                    ? "rollout.first matches 0 of them: nobody leads."
                    : "%d lead (rollout.first).".formatted(count))
        .ifPresent(sentences::add);
    Optional.ofNullable(selection.ordered())
        .filter(count -> count < plan.tenantCount())
        .map(
            count ->
                "%d carry the label %s of rollout.orderBy; the others come after them, by name."
                    .formatted(count, spec.rollout().orderBy()))
        .ifPresent(sentences::add);
    if (selection.unusedSizes() > 0 && plan.cohortCount() > 0) {
      sentences.add(
          "The last %d of rollout.cohortSizes are not reached.".formatted(selection.unusedSizes()));
    }
  }
}
