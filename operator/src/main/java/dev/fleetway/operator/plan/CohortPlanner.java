package dev.fleetway.operator.plan;

import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.MigratableState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.RunObservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Divides the fleet into cohorts. */
public final class CohortPlanner {
  private CohortPlanner() {}

  /** The frozen plan; else the one to freeze, once the fleet was listed; else empty. */
  public static Optional<RolloutPlan> plan(RunObservation seen) {
    return seen.frozenPlan()
        .or(
            () ->
                seen.fleet()
                    .map(
                        fleet ->
                            new RolloutPlan(
                                seen.status().bundleDigest(),
                                divide(
                                    select(fleet, seen.spec().tenants()),
                                    seen.spec().rollout().cohortSizes()))));
  }

  /** By name, so that the order does not depend on who asks. */
  private static List<PlannedTenant> select(List<TenantView> fleet, Tenants wanted) {
    Map<String, TenantView> byName =
        fleet.stream().collect(Collectors.toMap(TenantView::name, Function.identity()));
    TreeMap<String, PlannedTenant> selected = new TreeMap<>();
    boolean everyone = wanted.selector() == null && wanted.names().isEmpty();
    for (TenantView tenant : fleet) {
      boolean matches =
          everyone
              || wanted.names().contains(tenant.name())
              || (wanted.selector() != null
                  && LabelSelection.matches(wanted.selector(), tenant.labels()));
      if (matches && hasState(tenant, wanted.states())) {
        selected.put(tenant.name(), new PlannedTenant(tenant.name(), tenant.uid()));
      }
    }
    for (String name : wanted.names()) {
      if (!byName.containsKey(name)) {
        selected.put(name, new PlannedTenant(name, null));
      }
    }
    return List.copyOf(selected.values());
  }

  private static boolean hasState(TenantView tenant, List<MigratableState> states) {
    return states.stream().anyMatch(state -> state.name().equals(tenant.spec().state().name()));
  }

  /** The last size repeats. */
  private static List<List<PlannedTenant>> divide(
      List<PlannedTenant> tenants, List<Integer> sizes) {
    List<List<PlannedTenant>> cohorts = new ArrayList<>();
    int from = 0;
    while (from < tenants.size()) {
      int size = sizes.get(Math.min(cohorts.size(), sizes.size() - 1));
      int to = Math.min(from + size, tenants.size());
      cohorts.add(tenants.subList(from, to));
      from = to;
    }
    return cohorts;
  }
}
