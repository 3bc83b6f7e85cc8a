package dev.fleetway.operator;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.api.v1alpha1.TenantReason;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
  private final SimulatedFleet fleet;
  private final SimulatedJobs jobs = new SimulatedJobs();
  private final Map<String, Assignment> assignments = new HashMap<>();
  private final Map<String, Assignment> inPods = new HashMap<>();
  private final Set<String> closedToWriters = new HashSet<>();
  private List<RivalRun> rivals = List.of();
  private final Map<String, CohortResult> results = new HashMap<>();
  private Optional<JobState.StartTrouble> overdue = Optional.empty();
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
    this.fleet = new SimulatedFleet(tenantCount);
  }

  public static String name(int number) {
    return "t%03d".formatted(number);
  }

  public SimulatedFleet fleet() {
    return fleet;
  }

  public SimulatedJobs jobs() {
    return jobs;
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
    Map<String, TenantView> tenantsBefore = fleet.byName();
    Set<String> resultsBefore = Set.copyOf(results.keySet());
    int jobsBefore = jobs.created().size();
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
          .forEach(name -> fleet.restore(tenantsBefore.get(name)));
      if (written <= concluded.size()) {
        results.keySet().retainAll(resultsBefore);
      }
    }
    if (decision instanceof StartCohort && written == 0 && jobs.created().size() > jobsBefore) {
      inPods.remove(jobs.forgetLast());
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
            ? Optional.of(fleet.all())
            : Optional.empty(),
        frozen,
        jobs.all(),
        orphanPods,
        current,
        current.isPresent()
            ? fleet.of(frozen.get().cohortWithPredecessors(current.getAsInt()))
            : frozen.map(p -> fleet.of(p.tenants().toList())).orElse(Map.of()),
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
                    names.runUid(), cohort.number(), plan.cohort(cohort.number()), fleet.byName()));
      }
    }
    return new CohortReports(elsewhere, false);
  }

  private void apply(Decision decision) {
    if (decision instanceof StartInspection start) {
      jobs.create(start.jobName());
    } else if (decision instanceof RepeatInspection repeat) {
      jobs.delete(repeat.jobName());
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
      if (!jobs.has(job)) {
        inPods.put(job, assignments.get(job));
      }
      jobs.create(job);
    } else if (decision instanceof EndJob end) {
      jobs.change(
          end.jobName(),
          job ->
              SimulatedJobs.with(
                  job, Progress.ENDING, Optional.of(end.reason().name()), job.lastWord()));
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
    TenantView old = fleet.view(line.tenant().name());
    if (!isNewer(old, verdict.attempt())) {
      return;
    }
    if (spec.mode() == Mode.Plan) {
      fleet.write(
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
    fleet.write(
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
    fleet.write(
        fleet.view(tenant),
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
    jobs.change(
        names.inspectJob(status.attempt()),
        job -> SimulatedJobs.with(job, progress, job.endedBy(), Optional.ofNullable(lastWord)));
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
    TenantView old = fleet.view(tenant);
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
    fleet.write(old, lastRun);
  }

  /** The pod of the running cohort migrates everybody but these, and ends. */
  public void cohortEnds(Map<String, TenantReason> failures) {
    Assignment assignment = runningAssignment();
    for (Assignment.Member member : assignment.tenants()) {
      TenantReason failure = failures.get(member.name());
      if (fleet.has(member.name())) {
        outcome(member.name(), failure == null ? Outcome.Succeeded : Outcome.Failed, failure);
      }
    }
    jobs.end(Progress.COMPLETE);
  }

  /** A runner writes an outcome, if one works on this tenant and nothing is final yet. */
  public void outcomeOfRunner(String tenant, boolean good) {
    if (!jobs.live().isEmpty()) {
      ended(tenant, runningAssignment(), good);
    }
  }

  /** A pod that outlived its Job writes what it did, if nothing newer forbids it. */
  public void lateOutcome(String tenant, boolean good) {
    if (jobs.live().isEmpty()) {
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

  /** As the API server admits it: for the planned tenant, and once for an attempt. */
  private void ended(String tenant, Assignment work, boolean good) {
    if (!isIn(work, tenant) || !isNewer(fleet.view(tenant), work.attempt())) {
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
    TenantView view = fleet.view(tenant);
    return view != null
        && work.tenants().stream()
            .anyMatch(m -> m.name().equals(tenant) && m.uid().equals(view.uid()));
  }

  private boolean isNewer(TenantView view, int attempt) {
    return view.outcomeOf(names.runUid()).filter(old -> old.attempt() >= attempt).isEmpty();
  }

  /**
   * Somebody deletes the Job.
   *
   * @param drains whether its pods live on for a while
   */
  public void liveJobVanishes(boolean drains) {
    if (!jobs.live().isEmpty()) {
      jobs.deleteRunning();
      orphanPods = drains;
    }
  }

  public void everybodySucceeds() {
    runningAssignment().tenants().forEach(member -> outcomeOfRunner(member.name(), true));
    jobs.end(Progress.COMPLETE);
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

  /** What must not happen, and is survived: the status says Aborted while a Job is alive. */
  public void forgetAndAbort() {
    status =
        RunStatusFactory.status(
            observe(), new Decision.AbortRun(RunReason.AbortedByUser, "aborted"), now);
  }

  /** What the pods at work have before them. */
  public Assignment runningAssignment() {
    return inPods.get(jobs.running());
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

  /** The patch of a person, as the API server admits it. */
  public void promoteIfAllowed() {
    if (spec.rollout().pauseAfter() != null) {
      promote();
    }
  }

  public void promote() {
    change(RunEdits::promoted);
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
