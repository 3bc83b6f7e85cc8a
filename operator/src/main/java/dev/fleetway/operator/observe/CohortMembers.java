package dev.fleetway.operator.observe;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.model.TenantView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the tenants of the cohort that runs or runs next, and what it was started with. */
final class CohortMembers {
  private static final Set<String> GATING =
      Set.of(RunReason.Gating.name(), RunReason.Settling.name());

  private final StoredObjects stored;
  private final RunArchive archive;

  CohortMembers(StoredObjects stored, RunArchive archive) {
    this.stored = stored;
    this.archive = archive;
  }

  /**
   * What is there of them.
   *
   * @param tenants by name
   * @param assignment empty until the cohort starts in this attempt
   */
  record Found(Map<String, TenantView> tenants, Optional<Assignment> assignment) {
    static final Found NOBODY = new Found(Map.of(), Optional.empty());
  }

  /** Looks at this cohort; what matters and the cache cannot prove is asked of the server. */
  Found look(
      TenantMigrationRun run,
      RunNames names,
      RolloutPlan plan,
      int cohort,
      RunJobs.Found work,
      RunObserver.Caches caches) {
    String namespace = run.getMetadata().getNamespace();
    int attempt = run.getStatus().attempt() == null ? 0 : run.getStatus().attempt();
    List<PlannedTenant> planned = plan.cohort(cohort);
    Optional<Assignment> assignment = archive.assignment(namespace, names, cohort, attempt);
    Map<String, TenantView> members =
        cached(caches, assignment.isEmpty() ? plan.cohortWithPredecessors(cohort) : planned);
    List<String> doubtful =
        assignment.isEmpty()
            ? missing(planned, members)
            : (work.dueIsMissing() && !isGating(run.getSpec(), run.getStatus()))
                    || work.dueIsTerminal()
                ? unproven(names.runUid(), attempt, planned, assignment.get(), members)
                : List.of();
    readAgain(namespace, doubtful, members);
    return new Found(members, assignment);
  }

  /**
   * Those of the whole plan, from the server: what a run in mode Plan says at its end stays for
   * good, and a cache that lags lacks the last reports.
   */
  Map<String, TenantView> all(String namespace, RolloutPlan plan) {
    Set<String> planned = plan.tenants().map(PlannedTenant::name).collect(Collectors.toSet());
    return stored.tenants(namespace, TenantView::of).stream()
        .filter(tenant -> planned.contains(tenant.name()))
        .collect(Collectors.toMap(TenantView::name, Function.identity()));
  }

  /** As the cache has them. */
  static Map<String, TenantView> cached(RunObserver.Caches caches, List<PlannedTenant> planned) {
    Map<String, TenantView> found = new HashMap<>();
    for (PlannedTenant member : planned) {
      caches
          .tenant()
          .apply(member.name())
          .map(TenantView::of)
          .ifPresent(view -> found.put(view.name(), view));
    }
    return found;
  }

  /**
   * The status says that the Job does not exist yet: then none of its tenants has an outcome, and
   * to ask the server for a hundred of them again would only make the cohort wait.
   */
  private static boolean isGating(TenantMigrationRunSpec spec, TenantMigrationRunStatus status) {
    Condition ready = status.condition("Ready");
    return !spec.abort() && ready != null && GATING.contains(ready.reason());
  }

  /** Tenants that a Job which has come to rest left no outcome for, as far as the cache knows. */
  private static List<String> unproven(
      String runUid,
      int attempt,
      List<PlannedTenant> planned,
      Assignment assignment,
      Map<String, TenantView> members) {
    return CohortTally.of(runUid, attempt, planned, assignment, members).unproven().stream()
        .map(line -> line.tenant().name())
        .toList();
  }

  /** Planned tenants that are not there, or are others, as far as the cache knows. */
  private static List<String> missing(
      List<PlannedTenant> planned, Map<String, TenantView> tenants) {
    return planned.stream()
        .filter(member -> member.uid() != null)
        .filter(
            member -> {
              TenantView view = tenants.get(member.name());
              return view == null || !view.uid().equals(member.uid());
            })
        .map(PlannedTenant::name)
        .toList();
  }

  /** What a decision rests on, and a cache that lags cannot prove, is asked of the server. */
  private void readAgain(String namespace, List<String> names, Map<String, TenantView> tenants) {
    for (String name : names) {
      Optional<Tenant> found = stored.tenant(namespace, name);
      if (found.isEmpty()) {
        tenants.remove(name);
      } else {
        tenants.put(name, TenantView.of(found.get()));
      }
    }
  }
}
