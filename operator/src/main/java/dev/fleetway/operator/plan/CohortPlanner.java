package dev.fleetway.operator.plan;

import dev.fleetway.api.v1alpha1.Rollout;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.MigratableState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.Selection;
import dev.fleetway.operator.model.Target;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.RunObservation;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
                            plan(
                                seen.status().bundleDigest(),
                                fleet,
                                seen.spec().tenants(),
                                seen.spec().rollout())));
  }

  /** The existing tenants that this selection takes from the fleet. */
  public static Set<String> selected(List<TenantView> fleet, Tenants wanted) {
    return fleet.stream()
        .filter(tenant -> selects(wanted, tenant))
        .map(TenantView::name)
        .collect(Collectors.toSet());
  }

  /** Would this selection take the tenant? */
  public static boolean selects(Tenants wanted, TenantView tenant) {
    return admits(wanted, tenant) && hasState(tenant, wanted.states());
  }

  /** The plan for this bundle over this fleet; the run need not exist. */
  public static RolloutPlan plan(
      String digest, List<TenantView> fleet, Tenants wanted, Rollout rollout) {
    List<TenantView> admitted = fleet.stream().filter(tenant -> admits(wanted, tenant)).toList();
    List<Candidate> chosen =
        new ArrayList<>(
            admitted.stream()
                .filter(tenant -> hasState(tenant, wanted.states()))
                .map(Candidate::of)
                .toList());
    int otherState = admitted.size() - chosen.size();
    chosen.addAll(unknown(wanted.names(), fleet));
    chosen.sort(Comparator.comparing(Candidate::position, TenantOrder.by(rollout.orderBy())));

    List<Candidate> leading = leading(chosen, rollout.first());
    List<Candidate> following = new ArrayList<>(chosen);
    following.removeAll(Set.copyOf(leading));
    List<List<Candidate>> cohorts = new ArrayList<>();
    divide(leading, rollout.cohortSizes(), cohorts);
    divide(following, rollout.cohortSizes(), cohorts);
    Selection selection =
        new Selection(
            fleet.size(),
            otherState,
            rollout.first() == null ? null : leading.size(),
            rollout.orderBy() == null ? null : ordered(chosen, rollout.orderBy()),
            Math.max(0, rollout.cohortSizes().size() - cohorts.size()));
    return new RolloutPlan(digest, frozen(cohorts), Optional.of(selection));
  }

  /**
   * A tenant, or a name, that the plan admits.
   *
   * @param uid null for a name that no tenant has
   * @param target empty for a name that no tenant has
   */
  private record Candidate(TenantOrder.Position position, String uid, Optional<Target> target) {
    static Candidate of(TenantView tenant) {
      return new Candidate(
          new TenantOrder.Position(tenant.name(), tenant.labels()),
          tenant.uid(),
          Optional.of(Target.of(tenant.spec().database())));
    }
  }

  /** Everyone, unless a selector or names are given; with both, the union. */
  private static boolean admits(Tenants wanted, TenantView tenant) {
    boolean everyone = wanted.selector() == null && wanted.names().isEmpty();
    return everyone
        || wanted.names().contains(tenant.name())
        || (wanted.selector() != null
            && LabelSelection.matches(wanted.selector(), tenant.labels()));
  }

  private static boolean hasState(TenantView tenant, List<MigratableState> states) {
    return states.stream().anyMatch(state -> state.name().equals(tenant.spec().state().name()));
  }

  private static List<Candidate> unknown(List<String> names, List<TenantView> fleet) {
    Set<String> known = fleet.stream().map(TenantView::name).collect(Collectors.toSet());
    return names.stream()
        .distinct()
        .filter(name -> !known.contains(name))
        .map(
            name -> new Candidate(new TenantOrder.Position(name, Map.of()), null, Optional.empty()))
        .toList();
  }

  private static List<Candidate> leading(List<Candidate> chosen, LabelSelector first) {
    return first == null
        ? List.of()
        : chosen.stream()
            .filter(candidate -> candidate.uid() != null)
            .filter(candidate -> LabelSelection.matches(first, candidate.position().labels()))
            .toList();
  }

  private static int ordered(List<Candidate> chosen, String label) {
    return (int)
        chosen.stream()
            .filter(candidate -> candidate.position().labels().containsKey(label))
            .count();
  }

  /** The sizes go on where the cohorts before left off; the last one repeats. */
  private static void divide(
      List<Candidate> tenants, List<Integer> sizes, List<List<Candidate>> cohorts) {
    int from = 0;
    while (from < tenants.size()) {
      int size = sizes.get(Math.min(cohorts.size(), sizes.size() - 1));
      int to = Math.min(from + size, tenants.size());
      cohorts.add(tenants.subList(from, to));
      from = to;
    }
  }

  /** In plan order the first with a target keeps it. */
  private static List<List<PlannedTenant>> frozen(List<List<Candidate>> cohorts) {
    Map<Target, String> holders = new HashMap<>();
    return cohorts.stream()
        .map(cohort -> cohort.stream().map(candidate -> frozen(candidate, holders)).toList())
        .toList();
  }

  private static PlannedTenant frozen(Candidate candidate, Map<Target, String> holders) {
    String name = candidate.position().name();
    return new PlannedTenant(
        name,
        candidate.uid(),
        candidate.target().map(target -> holders.putIfAbsent(target, name)).orElse(null));
  }
}
