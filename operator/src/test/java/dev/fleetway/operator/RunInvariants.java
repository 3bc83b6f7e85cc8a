package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.GateMode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.RunDecider;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.plan.CohortPlanner;
import dev.fleetway.operator.status.RunStatusFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * What must hold after every reconcile, whatever happened before it; the numbers are those of the
 * design. Counts on its own, from the tenants and the plan: it shares no line with what it checks.
 */
final class RunInvariants {
  private static final int STATUS_LIMIT = 100 * 1024;
  private static final int PATIENCE = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SimulatedRun run;
  private Optional<Duration> staggering = Optional.empty();
  private Duration lastOpen;
  private boolean rewritten;

  RunInvariants(SimulatedRun run) {
    this.run = run;
    this.lastOpen = run.elapsed();
  }

  /** Reconciles and checks. */
  Decision step() {
    TenantMigrationRunStatus before = run.status();
    List<String> liveBefore = run.jobs().live().stream().map(JobState::name).toList();
    int jobs = run.jobs().created().size();
    look();
    RunObservation seen = run.observe();
    Decision foreseen = RunDecider.decide(seen, CohortPlanner.plan(seen), run.now());
    TenantMigrationRunStatus foretold = RunStatusFactory.status(seen, foreseen, run.now());
    Decision decision = run.step();
    TenantMigrationRunStatus after = run.status();

    assertThat(decision).as("I4: what is seen twice is decided alike").isEqualTo(foreseen);
    assertThat(after).as("I4: and told alike").isEqualTo(foretold);
    List<String> created = run.jobs().created().subList(jobs, run.jobs().created().size());
    checkNew(created, jobs, before);
    assertThat(after.lastClosedCohort())
        .as("the cursor never falls")
        .isGreaterThanOrEqualTo(before.lastClosedCohort());
    checkAbort(before, after, created);
    checkGate(before, after, liveBefore);
    if (run.spec().mode() == Mode.Apply) {
      CohortRecount.checkThatItStopsAtOnce(run);
    }
    after.cohorts().stream()
        .filter(cohort -> !before.cohorts().contains(cohort) && cohort.resultRef() != null)
        .forEach(cohort -> CohortRecount.check(cohort, run));
    checkTotals(after);
    assertThat(json(after).getBytes(StandardCharsets.UTF_8).length)
        .as("I10: size of the status")
        .isLessThan(STATUS_LIMIT);
    noteStagger(before, after);
    return decision;
  }

  /** Reconciles, dies before the status is written, and checks what was written. */
  void stepAndDie(int written) {
    TenantMigrationRunStatus before = run.status();
    int jobs = run.jobs().created().size();
    look();
    run.stepAndDie(written);
    checkNew(run.jobs().created().subList(jobs, run.jobs().created().size()), jobs, before);
  }

  /** What was waited for before may have been undone. */
  void historyWasRewritten() {
    staggering = Optional.empty();
    rewritten = true;
  }

  /** Left in peace, with a resume after each abort and pods that succeed, every run finishes. */
  void checkThatItFinishes() {
    run.suspend(false);
    run.promoteIfAllowed();
    for (int i = 0; i < PATIENCE && !run.status().phase().isFinished(); i++) {
      run.resumeIfAllowed();
      run.orphanPods(false);
      run.accessFollows();
      step();
      run.wait(Duration.ofMinutes(1));
      if (!run.jobs().live().isEmpty()) {
        run.everybodySucceeds();
      }
    }
    assertThat(run.status().phase().isFinished()).as("the run finishes").isTrue();
    TenantMigrationRunStatus end = run.status();
    run.step();
    assertThat(run.status()).as("I4: a finished run is inert").isEqualTo(end);
  }

  /** A run that is deleted starts nothing, drains its pods, and leaves no gate behind. */
  void checkThatItCanBeDeleted() {
    int jobs = run.jobs().created().size();
    run.delete();
    Decision decision = run.step();
    for (int i = 0; i < PATIENCE && !(decision instanceof Decision.Rest); i++) {
      run.jobs().live().stream()
          .filter(job -> job.endedBy().isPresent())
          .findFirst()
          .ifPresent(job -> run.jobs().endLive(JobState.Progress.FAILED));
      run.orphanPods(false);
      decision = run.step();
    }
    assertThat(run.jobs().live()).as("a deleted run at rest has no Job").isEmpty();
    assertThat(run.spec().gate().mode() == GateMode.ReadOnly && isGating(run.status()))
        .as("I6: a deleted run gates nobody")
        .isFalse();
    assertThat(run.jobs().created()).as("a deleted run starts nothing").hasSize(jobs);
  }

  private void checkNew(List<String> created, int jobs, TenantMigrationRunStatus before) {
    assertThat(run.jobs().live()).as("I7: one Job at a time").hasSizeLessThanOrEqualTo(1);
    for (String job : created) {
      assertThat(run.hasOrphanPods()).as("I7: %s beside pods that drain", job).isFalse();
      assertThat(run.spec().abort()).as("I2: %s while the run shall abort", job).isFalse();
      checkTurn(job, before);
      if (run.spec().gate().mode() == GateMode.ReadOnly) {
        checkGated(job);
      }
      if (!rewritten && !run.jobs().created().subList(0, jobs).contains(job)) {
        CohortRecount.checkAssignment(job, run);
      }
    }
  }

  /** Whether this cohort may run now; one that is at work already only gets its Job again. */
  private void checkTurn(String job, TenantMigrationRunStatus before) {
    int cohort = Integer.parseInt(job.replaceAll(".*-c(\\d+)-a.*", "$1"));
    int closed = before.lastClosedCohort();
    assertThat(cohort)
        .as("I1: %s while %d is the last that closed", job, closed)
        .isLessThanOrEqualTo(closed + 1);
    boolean atWork =
        before.cohorts().stream()
            .anyMatch(c -> c.state() == CohortState.Running && job.equals(c.jobName()));
    if (atWork) {
      return;
    }
    assertThat(run.spec().suspend()).as("%s while the run is suspended", job).isFalse();
    Integer pauseAfter = run.spec().rollout().pauseAfter();
    assertThat(
            pauseAfter == null || run.spec().promote() || cohort <= pauseAfter || cohort <= closed)
        .as("%s waits for promote", job)
        .isTrue();
    Duration stagger = run.spec().rollout().staggerTime();
    assertThat(staggering.map(since -> run.elapsed().minus(since)).orElse(stagger))
        .as("%s waits for the stagger", job)
        .isGreaterThanOrEqualTo(stagger);
  }

  /** When the last tenant of the cohort at work was seen open to writers. */
  private void look() {
    run.status().cohorts().stream()
        .filter(cohort -> cohort.state() == CohortState.Running)
        .map(cohort -> run.assignmentOf(cohort.jobName()))
        .filter(found -> found == null || !open(found).isEmpty())
        .forEach(found -> lastOpen = run.elapsed());
  }

  private List<String> open(Assignment assignment) {
    return assignment.tenants().stream()
        .filter(member -> CohortRecount.isThere(run, member.name(), member.uid()))
        .map(Assignment.Member::name)
        .filter(name -> !run.closedToWriters().contains(name))
        .toList();
  }

  private void checkGated(String job) {
    assertThat(open(run.assignmentOf(job))).as("%s while they can be written to", job).isEmpty();
    Duration settle = run.spec().gate().settleTime();
    assertThat(run.elapsed().minus(lastOpen))
        .as("%s after all were read-only for a while", job)
        .isGreaterThanOrEqualTo(settle);
  }

  private void checkGate(
      TenantMigrationRunStatus before, TenantMigrationRunStatus after, List<String> liveBefore) {
    if (after.phase().isEnded() || after.phase() == Phase.Suspended) {
      assertThat(isGating(after)).as("I6: %s and gating", after.phase()).isFalse();
    }
    List<String> live = run.jobs().live().stream().map(JobState::name).toList();
    working(before).stream()
        .filter(job -> liveBefore.contains(job) && live.contains(job))
        .forEach(job -> assertThat(working(after)).as("a gate opens under its Job").contains(job));
  }

  private static List<String> working(TenantMigrationRunStatus status) {
    return status.cohorts().stream()
        .filter(cohort -> cohort.state() == CohortState.Running)
        .map(Cohort::jobName)
        .toList();
  }

  private static boolean isGating(TenantMigrationRunStatus status) {
    return !working(status).isEmpty();
  }

  private static void checkAbort(
      TenantMigrationRunStatus before, TenantMigrationRunStatus after, List<String> created) {
    if (before.phase() == Phase.Aborted && after.phase() == Phase.Aborted) {
      assertThat(created).as("I2: no Job after an abort").isEmpty();
    }
    boolean aborts = before.phase() != Phase.Aborted && after.phase() == Phase.Aborted;
    assertThat(after.abortCount())
        .as("one more abort per abort")
        .isEqualTo(before.abortCount() + (aborts ? 1 : 0));
  }

  /** I3: every planned tenant stands in exactly one place. */
  private void checkTotals(TenantMigrationRunStatus status) {
    Totals t = status.totals();
    List<Integer> places =
        List.of(
            t.pending(), t.running(), t.succeeded(), t.alreadyCurrent(), t.failed(), t.skipped());
    assertThat(places.stream().mapToInt(Integer::intValue).sum())
        .as("I3: totals add up: %s", t)
        .isEqualTo(run.plan().tenantCount());
    assertThat(places).as("no total is negative: %s", t).allMatch(count -> count >= 0);
    assertThat(List.of(t.succeeded(), t.alreadyCurrent(), t.failed(), t.skipped()))
        .as("I3: the totals are those of the cohorts")
        .containsExactly(
            sum(status, Cohort::succeeded),
            sum(status, Cohort::alreadyCurrent),
            sum(status, Cohort::failed),
            sum(status, Cohort::skipped));
    if (status.phase().isFinished()) {
      assertThat(t.pending() + t.running()).as("I3: a finished run left nobody out").isZero();
      Phase whenAllIsWell = run.spec().mode() == Mode.Plan ? Phase.Planned : Phase.Succeeded;
      Phase otherwise =
          run.spec().mode() == Mode.Plan ? Phase.Planned : Phase.CompletedWithFailures;
      assertThat(status.phase()).isEqualTo(t.failed() == 0 ? whenAllIsWell : otherwise);
    }
  }

  private static int sum(TenantMigrationRunStatus status, ToIntFunction<Cohort> count) {
    return status.cohorts().stream().mapToInt(count).sum();
  }

  /** From when a cohort that changed something closed, until another attempt begins. */
  private void noteStagger(TenantMigrationRunStatus before, TenantMigrationRunStatus after) {
    if (!after.attempt().equals(before.attempt())) {
      staggering = Optional.empty();
    }
    after.cohorts().stream()
        .filter(cohort -> !before.cohorts().contains(cohort))
        .filter(cohort -> cohort.state() == CohortState.Closed)
        .forEach(
            cohort ->
                staggering =
                    CohortRecount.touched(cohort, run)
                        ? Optional.of(run.elapsed())
                        : Optional.empty());
  }

  private static String json(TenantMigrationRunStatus status) {
    try {
      return JSON.writeValueAsString(status);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
