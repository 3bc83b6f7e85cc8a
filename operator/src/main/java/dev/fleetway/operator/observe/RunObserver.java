package dev.fleetway.operator.observe;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.operator.model.CohortCursor;
import dev.fleetway.operator.model.CohortCursor.Visited;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.FailedTenant;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RivalRun;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.model.TenantView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
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

  private static final Set<String> GATING =
      Set.of(RunReason.Gating.name(), RunReason.Settling.name());

  private final StoredObjects stored;
  private final RunArchive archive;
  private final StartTroubles troubles;
  private final Neighbours neighbours;

  public RunObserver(KubernetesClient client) {
    this(new ApiServerObjects(client));
  }

  /** Looks at these objects instead of an API server's. */
  public RunObserver(StoredObjects stored) {
    this.stored = stored;
    this.archive = new RunArchive(stored);
    this.troubles = new StartTroubles(stored);
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
    List<Job> found = jobs(namespace, names, caches, due);
    boolean dueIsMissing = due.isPresent() && found.stream().noneMatch(job -> isNamed(job, due));
    List<Pod> pods =
        dueIsMissing
            ? stored.pods(namespace, RunNames.RUN_UID_LABEL, names.runUid())
            : caches.pods().stream().filter(pod -> belongs(names, pod)).toList();
    List<JobState> jobs =
        found.stream()
            .map(job -> state(namespace, job, podsOf(job, pods), isNamed(job, due), now))
            .toList();

    Optional<Assignment> assignment = Optional.empty();
    Map<String, TenantView> members = Map.of();
    if (current.isPresent()) {
      List<PlannedTenant> planned = plan.get().cohort(current.getAsInt());
      assignment = archive.assignment(namespace, names, current.getAsInt(), attempt);
      members =
          cached(
              caches,
              assignment.isEmpty()
                  ? plan.get().cohortWithPredecessors(current.getAsInt())
                  : planned);
      List<String> doubtful =
          assignment.isEmpty()
              ? missing(planned, members)
              : (dueIsMissing && !isGating(run.getSpec(), status)) || isTerminal(jobs, due.get())
                  ? unproven(names.runUid(), attempt, planned, assignment.get(), members)
                  : List.of();
      readAgain(namespace, doubtful, members);
    } else if (plan.isPresent() && !ended && run.getSpec().mode() == Mode.Plan) {
      members = cached(caches, plan.get().tenants().toList());
    }
    List<RivalRun> rivals =
        isBeforeItsTurn(run)
                && run.getSpec().mode() == Mode.Apply
                && RivalRun.wantsTurn(run.getSpec(), status)
            ? neighbours.rivals(namespace, names)
            : List.of();
    boolean rivalsPlanLater = rivals.stream().anyMatch(rival -> rival.planned().isEmpty());
    return new RunObservation(
        namespace,
        names,
        run.getMetadata().getGeneration(),
        run.getMetadata().getDeletionTimestamp() != null,
        run.getSpec(),
        status,
        // From the server: tenants applied just before the run must be in the plan.
        planIsDue(run, status, plan) || rivalsPlanLater
            ? Optional.of(stored.tenants(namespace, TenantView::of))
            : Optional.empty(),
        plan,
        jobs,
        pods.stream().anyMatch(JobReader::isLive),
        current,
        members,
        assignment,
        new Surroundings(
            Instant.parse(run.getMetadata().getCreationTimestamp()),
            rivals,
            closedToWriters(caches, members.keySet())),
        current.isPresent() && (dueIsMissing || isTerminal(jobs, due.get()))
            ? reports(namespace, names, status, plan.get(), current.getAsInt(), caches)
            : CohortReports.NONE,
        OverdueDrain.of(pods, now));
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
                            names.runUid(), cohort.number(), planned, cached(caches, planned))));
      }
    }
    String result = names.result(current, status.attempt());
    return new CohortReports(elsewhere, archive.isForeign(namespace, names, result));
  }

  /**
   * The Jobs of this run. That the one which is due does not exist is never concluded from a cache:
   * it may have been created a moment ago.
   */
  private List<Job> jobs(String namespace, RunNames names, Caches caches, Optional<String> due) {
    List<Job> found =
        new ArrayList<>(caches.jobs().stream().filter(job -> belongs(names, job)).toList());
    if (due.isPresent() && found.stream().noneMatch(job -> isNamed(job, due))) {
      stored.job(namespace, due.get()).filter(job -> belongs(names, job)).ifPresent(found::add);
    }
    return found;
  }

  private JobState state(String namespace, Job job, List<Pod> pods, boolean isDue, Instant now) {
    JobState state = JobReader.read(job, pods, now);
    if (isDue && state.isTerminal() && !JobReader.isHeard(job, pods)) {
      // Jobs and pods are cached apart: a pod's last word may not have arrived yet.
      return JobReader.read(
          job,
          podsOf(
              job,
              stored.pods(namespace, "batch.kubernetes.io/job-name", job.getMetadata().getName())),
          now);
    }
    return state.progress() == JobState.Progress.ACTIVE
        ? state.withTrouble(troubles.of(job, pods, state.trouble(), now))
        : state;
  }

  private static Map<String, TenantView> cached(Caches caches, List<PlannedTenant> planned) {
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

  private static boolean isTerminal(List<JobState> jobs, String name) {
    return jobs.stream().anyMatch(job -> job.name().equals(name) && job.isTerminal());
  }

  private static boolean isNamed(Job job, Optional<String> name) {
    return name.isPresent() && name.get().equals(job.getMetadata().getName());
  }

  private static boolean belongs(RunNames names, HasMetadata resource) {
    Map<String, String> labels = resource.getMetadata().getLabels();
    return labels != null && names.runUid().equals(labels.get(RunNames.RUN_UID_LABEL));
  }

  private static List<Pod> podsOf(Job job, List<Pod> pods) {
    return pods.stream()
        .filter(
            pod ->
                pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(job.getMetadata().getUid())))
        .toList();
  }
}
