package dev.fleetway.operator;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.Execution;
import dev.fleetway.api.v1alpha1.Migrations;
import dev.fleetway.api.v1alpha1.Migrations.ConfigMapRef;
import dev.fleetway.api.v1alpha1.Rollout;
import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Compatibility;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Gate;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.GateMode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FreezePlan;
import dev.fleetway.operator.decide.Decision.RepeatInspection;
import dev.fleetway.operator.decide.Decision.RestoreAssignment;
import dev.fleetway.operator.decide.Decision.RestorePlan;
import dev.fleetway.operator.decide.Decision.SetGate;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.decide.RunDecider;
import dev.fleetway.operator.model.CohortCursor;
import dev.fleetway.operator.model.CohortResult;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.FailedTenant;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.PlanReport;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RivalRun;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.CohortReports;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.observe.Surroundings;
import dev.fleetway.operator.observe.Surroundings.Deleted;
import dev.fleetway.operator.plan.CohortPlanner;
import dev.fleetway.operator.status.RunStatusFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run in a world of maps: the pure phases are the real ones, Jobs and tenants are values. {@link
 * #step} is one reconcile; tests play the pods.
 */
public final class SimulatedRun {
  public static final String NAMESPACE = "fleet";
  public static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  public static final RunNames NAMES = new RunNames("v112", "0a1b2c3d-0000-4000-8000-000000000001");
  public static final String DIGEST = "sha256:0123";

  private static final String HEAD = "112";
  private static final TenantReason FOUND = TenantReason.ChecksumMismatch;

  private final RunNames names;
  private Instant now = START;
  private Duration elapsed = Duration.ZERO;
  private TenantMigrationRunSpec spec;
  private TenantMigrationRunStatus status = TenantMigrationRunStatus.empty();
  private boolean deleting;
  private boolean namespaceGoes;
  private boolean orphanPods;
  private boolean planReadable = true;
  private Deleted deleted = Deleted.NOTHING;
  private RolloutPlan plan;
  private final Map<String, TenantView> tenants = new TreeMap<>();
  private final Map<String, JobState> jobs = new LinkedHashMap<>();
  private final Map<String, Assignment> assignments = new HashMap<>();
  private final Map<String, Assignment> inPods = new HashMap<>();
  private final Set<String> closedToWriters = new HashSet<>();
  private List<RivalRun> rivals = List.of();
  private final Map<String, CohortResult> results = new HashMap<>();
  private Optional<JobState.StartTrouble> overdue = Optional.empty();
  private final List<String> createdJobs = new ArrayList<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Backup> backups = new ArrayList<>();

  /** The run as a backup may have it. */
  private record Backup(TenantMigrationRunSpec spec, TenantMigrationRunStatus status) {}

  public SimulatedRun(TenantMigrationRunSpec spec, int tenantCount) {
    this(NAMES, spec, tenantCount);
  }

  public SimulatedRun(RunNames names, TenantMigrationRunSpec spec, int tenantCount) {
    this.names = names;
    this.spec = spec;
    for (int i = 1; i <= tenantCount; i++) {
      tenant(name(i), TenantSpec.State.Active);
    }
  }

  public static String name(int number) {
    return "t%03d".formatted(number);
  }

  /** A spec with these cohort sizes, everything else at its default. */
  public static TenantMigrationRunSpec spec(String abortRate, Integer... sizes) {
    return spec(rollout(abortRate, null, sizes), new Tenants(null, null, null));
  }

  /** Cohort sizes, everything else at its default where it is null. */
  public static Rollout rollout(String abortRate, String stagger, Integer... sizes) {
    return new Rollout(null, null, List.of(sizes), null, stagger, abortRate);
  }

  public static TenantMigrationRunSpec spec(Rollout rollout, Tenants tenants) {
    return new TenantMigrationRunSpec(
        null,
        new Migrations(null, List.of(new ConfigMapRef("bundle")), null, null, null),
        null,
        null,
        tenants,
        rollout,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  public void tenant(String name, TenantSpec.State state) {
    TenantView old = tenants.get(name);
    tenants.put(
        name,
        new TenantView(
            name,
            old == null ? "uid-" + name : old.uid(),
            Map.of("tier", "gold"),
            new TenantSpec(state, database(name)),
            old == null ? Optional.empty() : old.lastRun()));
  }

  public void recreateTenant(String name) {
    TenantView old = tenants.get(name);
    if (old == null) {
      return;
    }
    tenants.put(
        name,
        new TenantView(name, "uid-" + name + "-again", old.labels(), old.spec(), Optional.empty()));
  }

  public void deleteTenant(String name) {
    tenants.remove(name);
  }

  private static TenantSpec.Database database(String name) {
    return database("pg-1", name);
  }

  private static TenantSpec.Database database(String host, String name) {
    return new TenantSpec.Database(
        host,
        5432,
        name,
        null,
        null,
        null,
        null,
        new TenantSpec.CredentialsSecretRef(name + "-db", null, null, null, null, null));
  }

  /** One reconcile. */
  public Decision step() {
    RunObservation seen = observe();
    Optional<RolloutPlan> planned = CohortPlanner.plan(seen);
    Decision decision = RunDecider.decide(seen, planned, now);
    apply(decision);
    status = RunStatusFactory.status(seen, decision, now);
    decisions.add(decision);
    backups.add(new Backup(spec, status));
    return decision;
  }

  /**
   * One reconcile of an operator that dies in the middle of its writes: of the outcomes that it
   * writes one by one only the first {@code written} arrive, of an assignment and its Job only the
   * first when that is 0, and of the status nothing.
   */
  public Decision stepAndDie(int written) {
    TenantMigrationRunStatus before = status;
    Map<String, TenantView> tenantsBefore = Map.copyOf(tenants);
    Set<String> resultsBefore = Set.copyOf(results.keySet());
    int jobsBefore = createdJobs.size();
    Decision decision = step();
    status = before;
    if (decision instanceof SettleCohort settle) {
      List<CohortTally.Line> concluded =
          settle.verdict().tally().lines().stream()
              .filter(line -> line.evidence().isEmpty() && line.view().isPresent())
              .toList();
      concluded.stream()
          .skip(written)
          .map(line -> line.tenant().name())
          .forEach(name -> tenants.put(name, tenantsBefore.get(name)));
      if (written <= concluded.size()) {
        results.keySet().retainAll(resultsBefore);
      }
    }
    if (decision instanceof StartCohort && written == 0 && createdJobs.size() > jobsBefore) {
      String neverCreated = createdJobs.remove(createdJobs.size() - 1);
      jobs.remove(neverCreated);
      inPods.remove(neverCreated);
    }
    return decision;
  }

  /** Reconciles until the decision is one of this kind. */
  public <D extends Decision> D stepUntil(Class<D> kind) {
    for (int i = 0; i < 200; i++) {
      Decision decision = step();
      if (kind.isInstance(decision)) {
        return kind.cast(decision);
      }
    }
    throw new AssertionError("no " + kind.getSimpleName() + " in 200 steps: " + decisions);
  }

  /** The same observation without any effect. */
  public RunObservation observe() {
    int attempt = status.attempt() == null ? 0 : status.attempt();
    Optional<RolloutPlan> frozen =
        Optional.ofNullable(plan).filter(p -> planReadable && p.hash().equals(status.planHash()));
    OptionalInt current =
        frozen
            .map(p -> CohortCursor.current(status, p.cohortCount(), attempt))
            .orElse(OptionalInt.empty());
    boolean planDue = status.bundleDigest() != null && status.planHash() == null && !spec.suspend();
    boolean ended = status.phase() != null && status.phase().isEnded();
    boolean planLost = status.planHash() != null && frozen.isEmpty() && !ended;
    return new RunObservation(
        NAMESPACE,
        names,
        spec.attempt(),
        deleting,
        spec,
        status,
        planDue || planLost || rivals.stream().anyMatch(rival -> rival.planned().isEmpty())
            ? Optional.of(List.copyOf(tenants.values()))
            : Optional.empty(),
        frozen,
        List.copyOf(jobs.values()),
        orphanPods,
        current,
        current.isPresent()
            ? membersOf(frozen.get().cohortWithPredecessors(current.getAsInt()))
            : frozen.map(p -> membersOf(p.tenants().toList())).orElse(Map.of()),
        current.isPresent()
            ? Optional.ofNullable(assignments.get(names.cohortJob(current.getAsInt(), attempt)))
            : Optional.empty(),
        new Surroundings(START, rivals, closedToWriters, deleted, namespaceGoes),
        current.isPresent() ? reports(current.getAsInt()) : CohortReports.NONE,
        overdue);
  }

  private CohortReports reports(int current) {
    List<FailedTenant> elsewhere = new ArrayList<>();
    for (CohortCursor.Visited cohort : CohortCursor.visited(status)) {
      if (cohort.number() != current && cohort.failed() > 0) {
        CohortResult report = results.get(names.result(cohort.number(), cohort.attempt()));
        elsewhere.addAll(
            report != null
                ? report.failed()
                : FailedTenant.of(
                    names.runUid(), cohort.number(), plan.cohort(cohort.number()), tenants));
      }
    }
    return new CohortReports(elsewhere, false);
  }

  private Map<String, TenantView> membersOf(List<PlannedTenant> planned) {
    Map<String, TenantView> found = new HashMap<>();
    for (PlannedTenant member : planned) {
      if (tenants.containsKey(member.name())) {
        found.put(member.name(), tenants.get(member.name()));
      }
    }
    return found;
  }

  private void apply(Decision decision) {
    if (decision instanceof StartInspection start) {
      createJob(start.jobName());
    } else if (decision instanceof RepeatInspection repeat) {
      jobs.remove(repeat.jobName());
    } else if (decision instanceof FreezePlan freeze) {
      plan = freeze.plan();
    } else if (decision instanceof RestorePlan) {
      planReadable = true;
      deleted = new Deleted(false, deleted.assignment());
    } else if (decision instanceof RestoreAssignment) {
      deleted = new Deleted(deleted.plan(), false);
    } else if (decision instanceof SetGate gate) {
      assignments.putIfAbsent(gate.progress().jobName(), gate.assignment());
    } else if (decision instanceof StartCohort start) {
      String job = start.progress().jobName();
      assignments.putIfAbsent(job, start.assignment());
      if (!jobs.containsKey(job)) {
        inPods.put(job, assignments.get(job));
      }
      createJob(job);
    } else if (decision instanceof EndJob end) {
      changeJob(
          end.jobName(),
          job -> with(job, Progress.ENDING, Optional.of(end.reason().name()), job.lastWord()));
    } else if (decision instanceof SettleCohort settle) {
      results.putIfAbsent(
          settle.resultName(),
          CohortResult.of(
              names,
              settle.verdict().attempt(),
              settle.verdict().cohort(),
              settle.verdict().tally()));
      settle.verdict().tally().lines().stream()
          .filter(line -> line.evidence().isEmpty() && line.view().isPresent())
          .forEach(line -> conclude(settle.verdict(), line));
    }
  }

  /** As the operator writes it: without what only a runner knows. */
  private void conclude(CohortVerdict verdict, CohortTally.Line line) {
    TenantView old = tenants.get(line.tenant().name());
    if (!isNewer(old, verdict.attempt())) {
      return;
    }
    if (spec.mode() == Mode.Plan) {
      report(
          old,
          PlanReport.unmeasured(
              names,
              verdict.attempt(),
              verdict.cohort(),
              line.reason(),
              line.explanation(),
              now.toString()));
      return;
    }
    outcome(
        old,
        LastRun.unmeasured(
            names.run(),
            names.runUid(),
            verdict.attempt(),
            verdict.cohort(),
            line.outcome(),
            line.reason(),
            line.explanation()));
  }

  private void outcome(TenantView old, LastRun outcome) {
    tenants.put(
        old.name(),
        new TenantView(
            old.name(),
            old.uid(),
            old.labels(),
            old.spec(),
            Optional.of(outcome),
            old.lastPlan(),
            Optional.ofNullable(outcome.toVersion()).or(old::schemaVersion)));
  }

  private void report(TenantView old, LastPlan report) {
    tenants.put(
        old.name(),
        new TenantView(
            old.name(),
            old.uid(),
            old.labels(),
            old.spec(),
            old.lastRun(),
            Optional.of(report),
            old.schemaVersion()));
  }

  /** A runner in mode Plan reports on a tenant of the cohort that runs. */
  public void report(String tenant, int pending, TenantReason... problems) {
    report(
        tenant,
        CohortCursor.current(status, plan.cohortCount(), status.attempt()).getAsInt(),
        status.attempt(),
        pending,
        problems);
  }

  private void report(
      String tenant, int cohort, int attempt, int pending, TenantReason... problems) {
    report(
        tenants.get(tenant),
        new LastPlan(
            names.run(),
            names.runUid(),
            attempt,
            cohort,
            now.toString(),
            "109",
            pending,
            List.of(),
            Stream.of(problems)
                .map(reason -> new Problem(reason, "110", "as the runner found it"))
                .toList()));
  }

  /** The tenant as a person, or an older run, left it. */
  public void tenant(String name, UnaryOperator<TenantView> change) {
    tenants.put(name, change.apply(tenants.get(name)));
  }

  /** Somebody corrects where the tenant lives. */
  public void repoint(String name, String host, String databaseName) {
    tenant(
        name,
        old ->
            new TenantView(
                old.name(),
                old.uid(),
                old.labels(),
                new TenantSpec(old.spec().state(), database(host, databaseName)),
                old.lastRun(),
                old.lastPlan(),
                old.schemaVersion()));
  }

  /** The version that an older run left. */
  public void schemaVersion(String name, String version) {
    tenant(
        name,
        old ->
            new TenantView(
                old.name(),
                old.uid(),
                old.labels(),
                old.spec(),
                old.lastRun(),
                old.lastPlan(),
                Optional.of(version)));
  }

  private void createJob(String name) {
    if (jobs.containsKey(name)) {
      return;
    }
    createdJobs.add(name);
    jobs.put(
        name,
        new JobState(
            name,
            Progress.ACTIVE,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty()));
  }

  /** The inspection succeeds. */
  public void inspected() {
    inspected(List.of());
  }

  /** The inspection succeeds and finds that the scripts need newer application code. */
  public void inspected(List<CodeFloor> floors) {
    BundleReport report = new BundleReport(DIGEST, HEAD, 12, List.of(HEAD), floors, null);
    endInspection(Progress.COMPLETE, new TerminationMessage(report, null, null));
  }

  public void endInspection(Progress progress, TerminationMessage lastWord) {
    changeJob(
        names.inspectJob(status.attempt()),
        job -> with(job, progress, job.endedBy(), Optional.ofNullable(lastWord)));
  }

  /** A runner records an outcome for a tenant of the cohort that runs. */
  public void outcome(String tenant, Outcome outcome, TenantReason reason) {
    record(
        tenant,
        CohortCursor.current(status, plan.cohortCount(), status.attempt()).getAsInt(),
        status.attempt(),
        outcome,
        reason);
  }

  public void record(String tenant, int cohort, int attempt, Outcome outcome, TenantReason reason) {
    TenantView old = tenants.get(tenant);
    LastRun lastRun =
        new LastRun(
            names.run(),
            names.runUid(),
            attempt,
            cohort,
            outcome,
            reason,
            reason == null ? null : "duplicate key violates unique constraint",
            reason == null ? null : "23505",
            reason == null ? null : "110",
            "109",
            outcome.isSuccess() ? HEAD : "109",
            1,
            now.toString(),
            35L,
            List.of(),
            null);
    outcome(old, lastRun);
  }

  /** The pod of the running cohort migrates everybody but these, and ends. */
  public void cohortEnds(Map<String, TenantReason> failures) {
    Assignment assignment = runningAssignment();
    for (Assignment.Member member : assignment.tenants()) {
      TenantReason failure = failures.get(member.name());
      if (tenants.containsKey(member.name())) {
        outcome(member.name(), failure == null ? Outcome.Succeeded : Outcome.Failed, failure);
      }
    }
    jobEnds(Progress.COMPLETE);
  }

  public void jobEnds(Progress progress) {
    changeJob(runningJob(), job -> with(job, progress, job.endedBy(), job.lastWord()));
  }

  public void jobEnds(Progress progress, TerminationMessage lastWord) {
    changeJob(runningJob(), job -> with(job, progress, job.endedBy(), Optional.of(lastWord)));
  }

  public List<JobState> liveJobs() {
    return jobs.values().stream().filter(JobState::isLive).toList();
  }

  /** A runner writes an outcome, if one works on this tenant and nothing is final yet. */
  public void outcomeOfRunner(String tenant, boolean good) {
    if (!liveJobs().isEmpty()) {
      ended(tenant, runningAssignment(), good);
    }
  }

  /** A pod that outlived its Job writes what it did, if nothing newer forbids it. */
  public void lateOutcome(String tenant, boolean good) {
    if (liveJobs().isEmpty()) {
      inPods.values().stream()
          .filter(work -> work.attempt() == status.attempt() && isIn(work, tenant))
          .forEach(work -> ended(tenant, work, good));
    }
  }

  /** The same for a pod of an older attempt. */
  public void staleOutcome(String tenant) {
    inPods.values().stream()
        .filter(work -> work.attempt() < status.attempt() && isIn(work, tenant))
        .forEach(work -> ended(tenant, work, false));
  }

  /** Writes the outcome that is there once more, as a client does that got no answer. */
  public void outcomeAgain(String tenant) {
    tenants.computeIfPresent(
        tenant,
        (name, old) ->
            new TenantView(
                name,
                old.uid(),
                Map.copyOf(old.labels()),
                old.spec(),
                old.lastRun(),
                old.lastPlan(),
                old.schemaVersion()));
  }

  /** As the API server admits it: for the planned tenant, and once for an attempt. */
  private void ended(String tenant, Assignment work, boolean good) {
    if (!isIn(work, tenant) || !isNewer(tenants.get(tenant), work.attempt())) {
      return;
    }
    if (work.mode() == Mode.Plan) {
      TenantReason[] problems = good ? new TenantReason[0] : new TenantReason[] {FOUND};
      report(tenant, work.cohort(), work.attempt(), 1, problems);
    } else {
      Outcome outcome = good ? Outcome.Succeeded : Outcome.Failed;
      TenantReason reason = good ? null : TenantReason.ConstraintViolation;
      record(tenant, work.cohort(), work.attempt(), outcome, reason);
    }
  }

  private boolean isIn(Assignment work, String tenant) {
    TenantView view = tenants.get(tenant);
    return view != null
        && work.tenants().stream()
            .anyMatch(m -> m.name().equals(tenant) && m.uid().equals(view.uid()));
  }

  private boolean isNewer(TenantView view, int attempt) {
    return view.outcomeOf(names.runUid()).filter(old -> old.attempt() >= attempt).isEmpty();
  }

  public void endLiveJob(Progress progress) {
    if (!liveJobs().isEmpty()) {
      jobEnds(progress);
    }
  }

  /**
   * Somebody deletes the Job.
   *
   * @param drains whether its pods live on for a while
   */
  public void liveJobVanishes(boolean drains) {
    if (!liveJobs().isEmpty()) {
      jobDeleted();
      orphanPods = drains;
    }
  }

  /** Somebody cleans up. */
  public void endedJobsVanish() {
    jobs.values().removeIf(JobState::isTerminal);
  }

  public void everybodySucceeds() {
    runningAssignment().tenants().forEach(member -> outcomeOfRunner(member.name(), true));
    jobEnds(Progress.COMPLETE);
  }

  /** The patch of a person, as the API server admits it. */
  public void resumeIfAllowed() {
    boolean ended =
        status.phase() == TenantMigrationRunStatus.Phase.Aborted
            || status.phase() == TenantMigrationRunStatus.Phase.CompletedWithFailures;
    if (ended && spec.attempt().equals(status.attempt())) {
      resume();
    }
  }

  /** The Job ends as Failed, for this reason, and its pod leaves no word. */
  public void jobFails(String failure) {
    changeJob(
        runningJob(),
        job ->
            new JobState(
                job.name(),
                Progress.FAILED,
                job.endedBy(),
                Optional.of(failure),
                false,
                Optional.empty(),
                Optional.empty()));
  }

  /** What must not happen, and is survived: the status says Aborted while a Job is alive. */
  public void forgetAndAbort() {
    status =
        RunStatusFactory.status(
            observe(), new Decision.AbortRun(RunReason.AbortedByUser, "aborted"), now);
  }

  public void troubled(JobState.StartTrouble trouble) {
    jobs.replaceAll((name, job) -> job.isLive() ? job.withTrouble(Optional.of(trouble)) : job);
  }

  public void untroubled() {
    jobs.replaceAll((name, job) -> job.withTrouble(Optional.empty()));
  }

  /** A Job that has ended, and whose pods still say why. */
  public void troubledInTheEnd(JobState.StartTrouble trouble) {
    jobs.replaceAll((name, job) -> job.isLive() ? job : job.withTrouble(Optional.of(trouble)));
  }

  public void jobDeleted() {
    jobs.remove(runningJob());
  }

  private String runningJob() {
    return jobs.values().stream()
        .filter(job -> job.name().matches(".*-c\\d+-a.*") && job.isLive())
        .map(JobState::name)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** What the pods at work have before them. */
  public Assignment runningAssignment() {
    return inPods.get(runningJob());
  }

  /** What a cohort was started with; null when somebody deleted it. */
  public Assignment assignmentOf(String job) {
    return assignments.get(job);
  }

  /** The stored report with this name; null for none. */
  public CohortResult reportOf(String resultRef) {
    return results.get(resultRef);
  }

  public RolloutPlan plan() {
    return plan;
  }

  private void changeJob(String name, UnaryOperator<JobState> change) {
    jobs.computeIfPresent(name, (key, job) -> change.apply(job));
  }

  private static JobState with(
      JobState job,
      Progress progress,
      Optional<String> endedBy,
      Optional<TerminationMessage> lastWord) {
    return new JobState(
        job.name(),
        progress,
        endedBy,
        progress == Progress.FAILED ? Optional.of("DeadlineExceeded: too late") : Optional.empty(),
        lastWord.isPresent(),
        lastWord,
        job.trouble());
  }

  public void change(UnaryOperator<TenantMigrationRunSpec> change) {
    spec = change.apply(spec);
  }

  public void suspend(boolean value) {
    change(s -> RunEdits.suspended(s, value));
  }

  public void abort() {
    change(RunEdits::aborted);
  }

  /** What a person does after an abort: abort off and attempt up in one patch. */
  public void resume() {
    change(RunEdits::resumed);
  }

  /** A run with these settings that differ from the rest of its spec. */
  public static TenantMigrationRunSpec with(
      TenantMigrationRunSpec s,
      Mode mode,
      Execution execution,
      Compatibility compatibility,
      Runner runner) {
    return new TenantMigrationRunSpec(
        mode,
        s.migrations(),
        s.targetVersion(),
        s.baselineVersion(),
        s.tenants(),
        s.rollout(),
        execution,
        s.gate(),
        compatibility,
        runner,
        s.suspend(),
        s.abort(),
        s.promote(),
        s.attempt());
  }

  /** The patch of a person, as the API server admits it. */
  public void promoteIfAllowed() {
    if (spec.rollout().pauseAfter() != null) {
      promote();
    }
  }

  public void promote() {
    change(RunEdits::promoted);
  }

  /** The same spec with a gate. */
  public static TenantMigrationRunSpec gated(TenantMigrationRunSpec s, String settle) {
    return new TenantMigrationRunSpec(
        s.mode(),
        s.migrations(),
        s.targetVersion(),
        s.baselineVersion(),
        s.tenants(),
        s.rollout(),
        s.execution(),
        new Gate(GateMode.ReadOnly, settle),
        s.compatibility(),
        s.runner(),
        s.suspend(),
        s.abort(),
        s.promote(),
        s.attempt());
  }

  /** A run whose attempt starts elsewhere than at 1: Git after a resume. */
  public void startAtAttempt(int attempt) {
    change(s -> RunEdits.atAttempt(s, attempt));
  }

  /** The tenant controller brings every access to what the run's status says. */
  public void accessFollows() {
    closedToWriters.clear();
    closedToWriters.addAll(gatedTenants());
  }

  /** The same for one tenant only. */
  public void accessFollows(String tenant) {
    if (gatedTenants().contains(tenant)) {
      closedToWriters.add(tenant);
    } else {
      closedToWriters.remove(tenant);
    }
  }

  /** Who is read-only because of this run, as its status has it. */
  public Set<String> gatedTenants() {
    return dev.fleetway.operator.model.Gate.cohort(spec, status)
        .map(cohort -> assignments.get(names.cohortJob(cohort.number(), cohort.attempt())))
        .map(found -> found.tenants().stream().map(Assignment.Member::name))
        .orElse(Stream.empty())
        .collect(Collectors.toSet());
  }

  public Set<String> closedToWriters() {
    return closedToWriters;
  }

  /** The runs around it, as the API server has them. */
  public void rivals(List<RivalRun> value) {
    rivals = value;
  }

  /** What this run is to others. */
  public Optional<RivalRun> asRival() {
    boolean hasTurn = status.phase() == TenantMigrationRunStatus.Phase.Running;
    boolean wantsTurn = !deleting && RivalRun.wantsTurn(spec, status);
    return hasTurn || wantsTurn
        ? Optional.of(
            new RivalRun(
                names.run(),
                START,
                hasTurn,
                wantsTurn,
                spec.tenants(),
                Optional.ofNullable(plan)
                    .filter(p -> p.hash().equals(status.planHash()))
                    .map(SimulatedRun::tenantsOf)))
        : Optional.empty();
  }

  private static Set<String> tenantsOf(RolloutPlan plan) {
    return plan.cohorts().stream()
        .flatMap(List::stream)
        .filter(tenant -> tenant.uid() != null)
        .map(PlannedTenant::name)
        .collect(Collectors.toSet());
  }

  public void delete() {
    deleting = true;
  }

  /** The namespace is deleted, with the run in it. */
  public void namespaceGoes() {
    namespaceGoes = true;
  }

  public void orphanPods(boolean value) {
    orphanPods = value;
  }

  public boolean hasOrphanPods() {
    return orphanPods;
  }

  /** A pod that was told to end stays; null: it is gone. */
  public void overdue(String what) {
    overdue =
        Optional.ofNullable(what)
            .map(text -> new JobState.StartTrouble(RunReason.DrainOverdue, text));
  }

  /** Somebody deletes the assignments. */
  public void forgetAssignments() {
    assignments.clear();
  }

  /** Somebody deletes the reports. */
  public void loseResults() {
    results.clear();
  }

  /** What a backup holds: the run as it was once, in a cluster that has moved on. */
  public void restore(TenantMigrationRunStatus old, TenantMigrationRunSpec oldSpec) {
    status = old;
    spec = oldSpec;
  }

  /** The run as it was so many steps ago, but not before it had a plan. */
  public void restore(int stepsAgo) {
    List<Backup> planned =
        backups.stream().filter(backup -> backup.status().planHash() != null).toList();
    Backup backup = planned.get(Math.max(0, planned.size() - 1 - stepsAgo));
    restore(backup.status(), backup.spec());
  }

  public TenantMigrationRunSpec spec() {
    return spec;
  }

  /** Whatever a person does to the spec of a tenant. */
  public void editTenant(String name, UnaryOperator<TenantView> change) {
    tenants.computeIfPresent(name, (key, view) -> change.apply(view));
  }

  public void losePlan() {
    planReadable = false;
  }

  /** Somebody deletes ConfigMaps of the run; the operator still knows what was in them. */
  public void deleteFrozen(Deleted what) {
    deleted = what;
  }

  public void wait(Duration time) {
    now = now.plus(time);
    elapsed = elapsed.plus(time.isNegative() ? Duration.ZERO : time);
  }

  /** What a clock that nobody sets would show. */
  public Duration elapsed() {
    return elapsed;
  }

  public Instant now() {
    return now;
  }

  public TenantMigrationRunStatus status() {
    return status;
  }

  /** A crash: what the last step wrote to the status is lost. */
  public void loseStatusOfLastStep(TenantMigrationRunStatus before) {
    status = before;
  }

  /** A crash: the operator died before it wrote this tenant's outcome. */
  public void forgetOutcome(String tenant) {
    TenantView old = tenants.get(tenant);
    tenants.put(
        tenant, new TenantView(tenant, old.uid(), old.labels(), old.spec(), Optional.empty()));
  }

  public TenantView tenantView(String name) {
    return tenants.get(name);
  }

  public List<String> createdJobs() {
    return createdJobs;
  }

  /** Brings the run to its plan. */
  public SimulatedRun untilPlanned() {
    stepUntil(StartInspection.class);
    inspected();
    stepUntil(FreezePlan.class);
    return this;
  }

  /** Brings the run to its first cohort's Job. */
  public SimulatedRun untilFirstCohort() {
    stepUntil(StartInspection.class);
    inspected();
    stepUntil(StartCohort.class);
    return this;
  }
}
