package dev.fleetway.operator.observe;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.operator.model.CohortCursor;
import dev.fleetway.operator.model.CohortCursor.Visited;
import dev.fleetway.operator.model.FailedTenant;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RivalRun;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.Surroundings.Deleted;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads everything that the later phases look at, and nothing else. */
public final class RunObserver {
  private static final Set<Access> CLOSED =
      Collections.unmodifiableSet(EnumSet.of(Access.ReadOnly, Access.None));

  private final StoredObjects stored;
  private final RunArchive archive;
  private final RunJobs jobs;
  private final CohortMembers members;
  private final Neighbours neighbours;

  public RunObserver(KubernetesClient client) {
    this(new ApiServerObjects(client));
  }

  /** Looks at these objects instead of an API server's. */
  public RunObserver(StoredObjects stored) {
    this.stored = stored;
    this.archive = new RunArchive(stored);
    this.jobs = new RunJobs(stored);
    this.members = new CohortMembers(stored, archive);
    this.neighbours = new Neighbours(stored, archive);
  }

  /**
   * What the caches hold about a run.
   *
   * @param jobs Jobs of runs with this name
   * @param pods pods of runs with this name
   * @param tenant a Tenant of the run's namespace by name
   */
  public record Caches(
      Collection<Job> jobs, Collection<Pod> pods, Function<String, Optional<Tenant>> tenant) {}

  /**
   * Is this run about to take the turn? Who looks and then decides that must be alone with it in
   * the run's namespace.
   */
  public static boolean isBeforeItsTurn(TenantMigrationRun run) {
    TenantMigrationRunStatus status = run.getStatus();
    return status != null
        && status.bundleDigest() != null
        && status.phase() != Phase.Running
        && (status.phase() == null || !status.phase().isEnded())
        && run.getMetadata().getDeletionTimestamp() == null;
  }

  /** The gates in force, as the API server has them; of all namespaces when none is named. */
  public List<Gate> gatesInForce(List<String> namespaces) {
    return neighbours.gates(namespaces);
  }

  /** Is this namespace being deleted, with everything in it? */
  public boolean isNamespaceGoing(String namespace) {
    return stored.isNamespaceGoing(namespace);
  }

  /** Looks at a run. */
  public RunObservation observe(TenantMigrationRun run, Caches caches, Instant now) {
    String namespace = run.getMetadata().getNamespace();
    RunNames names = new RunNames(run.getMetadata().getName(), run.getMetadata().getUid());
    TenantMigrationRunStatus status =
        run.getStatus() == null ? TenantMigrationRunStatus.empty() : run.getStatus();
    int attempt = status.attempt() == null ? 0 : status.attempt();
    boolean ended = status.phase() != null && status.phase().isEnded();
    Optional<RolloutPlan> plan =
        Optional.ofNullable(status.planHash())
            .flatMap(hash -> archive.plan(namespace, names, hash));
    OptionalInt current =
        ended
            ? OptionalInt.empty()
            : plan.map(found -> CohortCursor.current(status, found.cohortCount(), attempt))
                .orElse(OptionalInt.empty());
    Optional<String> due =
        current.isPresent()
            ? Optional.of(names.cohortJob(current.getAsInt(), attempt))
            : Optional.of(names.inspectJob(attempt))
                .filter(name -> !ended && status.bundleDigest() == null);
    RunJobs.Found work = jobs.look(namespace, names, caches, due, now);
    CohortMembers.Found cohort =
        current.isPresent()
            ? members.look(run, names, plan.get(), current.getAsInt(), work, caches)
            : CohortMembers.Found.NOBODY;
    Map<String, TenantView> tenants =
        current.isEmpty() && plan.isPresent() && !ended && run.getSpec().mode() == Mode.Plan
            ? members.all(namespace, plan.get())
            : cohort.tenants();
    List<RivalRun> rivals = rivals(run, names, status);
    return new RunObservation(
        namespace,
        names,
        run.getMetadata().getGeneration(),
        run.getMetadata().getDeletionTimestamp() != null,
        run.getSpec(),
        status,
        fleet(run, status, plan, rivals),
        plan,
        work.jobs(),
        work.pods().stream().anyMatch(JobReader::isLive),
        current,
        tenants,
        cohort.assignment(),
        new Surroundings(
            Instant.parse(run.getMetadata().getCreationTimestamp()),
            rivals,
            closedToWriters(caches, tenants.keySet()),
            ended || run.getMetadata().getDeletionTimestamp() != null
                ? Deleted.NOTHING
                : deleted(namespace, names, status, plan, cohort.assignment(), now),
            mayBeGoing(run, ended, work.pods()) && stored.isNamespaceGoing(namespace)),
        current.isPresent() && (work.dueIsMissing() || work.dueIsTerminal())
            ? reports(namespace, names, status, plan.get(), current.getAsInt(), caches)
            : CohortReports.NONE,
        OverdueDrain.of(work.pods(), now));
  }

  private List<RivalRun> rivals(
      TenantMigrationRun run, RunNames names, TenantMigrationRunStatus status) {
    boolean matter =
        isBeforeItsTurn(run)
            && run.getSpec().mode() == Mode.Apply
            && RivalRun.wantsTurn(run.getSpec(), status);
    return matter ? neighbours.rivals(run.getMetadata().getNamespace(), names) : List.of();
  }

  /** From the server: tenants applied just before the run must be in the plan. */
  private Optional<List<TenantView>> fleet(
      TenantMigrationRun run,
      TenantMigrationRunStatus status,
      Optional<RolloutPlan> plan,
      List<RivalRun> rivals) {
    boolean rivalsPlanLater = rivals.stream().anyMatch(rival -> rival.planned().isEmpty());
    return planIsDue(run, status, plan) || rivalsPlanLater
        ? Optional.of(stored.tenants(run.getMetadata().getNamespace(), TenantView::of))
        : Optional.empty();
  }

  /**
   * Worth a question: the run is deleted, or none of its pods is at work undisturbed. With its
   * namespace the pods go first, and the operator's rights there with the rest.
   */
  private static boolean mayBeGoing(TenantMigrationRun run, boolean ended, Collection<Pod> pods) {
    boolean undisturbed =
        pods.stream()
            .filter(JobReader::isLive)
            .anyMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null);
    return run.getMetadata().getDeletionTimestamp() != null || (!ended && !undisturbed);
  }

  private Deleted deleted(
      String namespace,
      RunNames names,
      TenantMigrationRunStatus status,
      Optional<RolloutPlan> plan,
      Optional<Assignment> assignment,
      Instant now) {
    return new Deleted(
        plan.filter(known -> archive.isDeleted(namespace, names, known, status.planHash(), now))
            .isPresent(),
        assignment.filter(known -> archive.isDeleted(namespace, names, known, now)).isPresent());
  }

  /** From the stored reports; from the tenants themselves where somebody deleted one. */
  private CohortReports reports(
      String namespace,
      RunNames names,
      TenantMigrationRunStatus status,
      RolloutPlan plan,
      int current,
      Caches caches) {
    List<FailedTenant> elsewhere = new ArrayList<>();
    for (Visited cohort : CohortCursor.visited(status)) {
      if (cohort.number() != current && cohort.failed() > 0) {
        List<PlannedTenant> planned = plan.cohort(cohort.number());
        elsewhere.addAll(
            archive
                .failed(namespace, names, cohort.number(), cohort.attempt())
                .orElseGet(
                    () ->
                        FailedTenant.of(
                            names.runUid(),
                            cohort.number(),
                            planned,
                            CohortMembers.cached(caches, planned))));
      }
    }
    String result = names.result(current, status.attempt());
    return new CohortReports(elsewhere, archive.isForeign(namespace, names, result));
  }

  /** From the cache: who is closed there is so for sure, as long as the gate stays. */
  private static Set<String> closedToWriters(Caches caches, Set<String> names) {
    return names.stream()
        .map(caches.tenant())
        .flatMap(Optional::stream)
        .filter(tenant -> tenant.getStatus() != null)
        .filter(tenant -> CLOSED.contains(tenant.getStatus().access()))
        .map(tenant -> tenant.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /** To freeze it; or to find out whether one that somebody deleted can be had again. */
  private static boolean planIsDue(
      TenantMigrationRun run, TenantMigrationRunStatus status, Optional<RolloutPlan> frozen) {
    boolean first = status.planHash() == null && !run.getSpec().suspend() && !run.getSpec().abort();
    boolean lost = status.planHash() != null && frozen.isEmpty();
    return run.getMetadata().getDeletionTimestamp() == null
        && status.bundleDigest() != null
        && (first || lost)
        && (status.phase() == null || !status.phase().isEnded());
  }
}
