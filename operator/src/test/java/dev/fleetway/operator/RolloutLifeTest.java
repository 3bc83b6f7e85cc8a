package dev.fleetway.operator;

import static dev.fleetway.operator.RunSpecs.spec;
import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.api.v1alpha1.Execution;
import dev.fleetway.api.v1alpha1.Rollout;
import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Compatibility;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.FreezePlan;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that lead, divide, refuse and resume: the choices of a spec, seen over a whole life. */
class RolloutLifeTest {
  private static final TenantReason VIOLATION = TenantReason.ConstraintViolation;

  @Test
  void saysWhatOfTheSelectionMatchedNothing() {
    Rollout rollout =
        new Rollout(
            new LabelSelectorBuilder().addToMatchLabels("canary", "true").build(),
            "region",
            List.of(2, 3, 5),
            null,
            null,
            null);
    SimulatedRun run =
        new SimulatedRun(
            spec(rollout, new Tenants(null, List.of("nobody", "t001", "t002"), null)), 3);
    run.fleet().state(name(2), TenantSpec.State.Suspended);
    run.stepUntil(StartInspection.class);
    run.inspected();
    run.stepUntil(FreezePlan.class);
    assertThat(run.status().condition("Ready").message())
        .isEqualTo(
            "The plan is frozen: 2 tenants in 1 cohorts. 1 of spec.tenants.names do not exist: nobody."
                + " 1 more are selected, but in a state that spec.tenants.states leaves out. rollout.first"
                + " matches 0 of them: nobody leads. 0 carry the label region of rollout.orderBy; the"
                + " others come after them, by name. The last 2 of rollout.cohortSizes are not"
                + " reached.");
  }

  @Test
  void succeedsAtOnceWhenNobodyMatchesAndSaysHowManyThereAre() {
    SimulatedRun run =
        new SimulatedRun(
            spec(
                RunSpecs.rollout(null, null, 2),
                new Tenants(
                    new LabelSelectorBuilder().addToMatchLabels("tier", "none").build(),
                    null,
                    null)),
            3);
    run.stepUntil(StartInspection.class);
    run.inspected();
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.status().condition("Ready").message())
        .isEqualTo(RunReason.NoTenantMatched.hint() + " The namespace has 3 tenants.");
  }

  @Test
  void failsTheSecondTenantOfATargetWithoutAPodAndCountsIt() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 4);
    run.fleet().repoint(name(4), "pg-1", name(1));
    run.untilFirstCohort();
    run.cohortEnds(Map.of());
    StartCohort second = run.stepUntil(StartCohort.class);
    assertThat(second.assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(3));
    assertThat(second.assignment().skipped())
        .containsExactly(
            new Assignment.SkippedMember(name(4), "uid-" + name(4), TenantReason.DuplicateTarget));
    assertThat(second.assignment().limits().failureThreshold())
        .as("two of two would trip, and one has failed")
        .isEqualTo(1);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.CompletedWithFailures);
    assertThat(run.status().totals()).isEqualTo(Totals.of(4, 0, 0, 3, 0, 1, 0));
    assertThat(run.status().failures().get(0).message())
        .startsWith("The plan found it at the target of tenant t001.");
    assertThat(run.fleet().view(name(4)).lastRun().orElseThrow().reason())
        .isEqualTo(TenantReason.DuplicateTarget);

    run.fleet().repoint(name(4), "pg-1", "its-own");
    run.resume();
    assertThat(run.stepUntil(StartCohort.class).assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(4));
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
  }

  @Test
  void abortsWithoutAJobWhenDuplicatesAloneReachTheRate() {
    SimulatedRun run = new SimulatedRun(spec("50%", 1, 2), 3);
    run.fleet().repoint(name(3), "pg-1", name(1));
    run.untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(SettleCohort.class);
    assertThat(run.stepUntil(SettleCohort.class).verdict().jobName()).isNull();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("AbortRateExceeded");
    assertThat(run.status().condition("Ready").message()).contains("DuplicateTarget");
    assertThat(run.status().totals()).isEqualTo(Totals.of(3, 0, 0, 1, 0, 1, 1));
    assertThat(run.jobs().created()).hasSize(2);
  }

  @Test
  void concludesTheSameWhenACrashCutTheSettlementOfADuplicateShort() {
    SimulatedRun run = new SimulatedRun(spec("50%", 2), 2);
    run.fleet().repoint(name(2), "pg-1", name(1));
    run.stepUntil(StartInspection.class);
    run.inspected();
    run.stepUntil(FreezePlan.class);
    TenantMigrationRunStatus before = run.status();
    run.step();
    TenantMigrationRunStatus undisturbed = run.status();
    assertThat(undisturbed.phase()).isEqualTo(Phase.Aborted);
    run.loseStatusOfLastStep(before);
    run.fleet().forgetOutcome(name(1));
    run.step();
    assertThat(run.status()).isEqualTo(undisturbed);
  }

  @Test
  void looksAgainAtWhereTenantsLiveWhenTheirCohortStarts() {
    SimulatedRun run = new SimulatedRun(spec("100%", 1, 4), 5);
    run.fleet().repoint(name(2), "pg-1", name(1));
    run.fleet().repoint(name(3), "pg-1", name(1));
    run.untilFirstCohort();
    run.cohortEnds(Map.of());
    // the holder moves away: the next with its old target holds it now
    run.fleet().repoint(name(1), "pg-2", name(1));
    // and one is pointed at a target of its own cohort
    run.fleet().repoint(name(5), "pg-1", name(4));
    StartCohort start = run.stepUntil(StartCohort.class);
    assertThat(start.assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(2), name(4));
    assertThat(start.assignment().skipped())
        .extracting(Assignment.SkippedMember::name)
        .containsExactly(name(3), name(5));
  }

  @Test
  void aSuspendedTenantDoesNotHoldItsTarget() {
    SimulatedRun run = new SimulatedRun(spec("100%", 1, 4), 3);
    run.fleet().repoint(name(3), "pg-1", name(2));
    run.untilFirstCohort();
    run.cohortEnds(Map.of());
    run.fleet().state(name(2), TenantSpec.State.Suspended);
    assertThat(run.stepUntil(StartCohort.class).assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(3));
  }

  @Test
  void endsTheOtherPodsWhenFailuresOfAllShardsReachTheRate() {
    SimulatedRun run = sharded("50%", 4);
    assertThat(run.runningAssignment().shards()).isEqualTo(2);
    run.outcome(name(1), Outcome.Failed, VIOLATION);
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    run.outcome(name(2), Outcome.Failed, VIOLATION);
    assertThat(run.step())
        .isInstanceOfSatisfying(
            EndJob.class, end -> assertThat(end.reason()).isEqualTo(RunReason.AbortRateExceeded));
    assertThat(run.status().condition("Ready").reason()).isEqualTo("Aborting");
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    assertThat(run.status().abortCount()).as("draining is no abort yet").isZero();
    run.outcome(name(3), Outcome.Succeeded, null);
    run.abort();
    assertThat(run.step()).as("told once").isInstanceOf(AwaitJob.class);
    run.jobs()
        .end(
            Progress.FAILED,
            new TerminationMessage(null, null, new RunSummary(1, 0, 2, 0, List.of(name(4)))));
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("AbortRateExceeded");
    assertThat(run.status().abortCount()).isEqualTo(1);
    assertThat(run.fleet().view(name(4)).lastRun().orElseThrow().reason())
        .isEqualTo(TenantReason.Interrupted);
    run.step();
    assertThat(run.status().abortCount()).isEqualTo(1);
  }

  @Test
  void leavesOnePodToStopByItself() {
    SimulatedRun run = new SimulatedRun(spec("50%", 2), 2).untilFirstCohort();
    run.outcome(name(1), Outcome.Failed, VIOLATION);
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
  }

  @Test
  void aLostShardFailsItsOwnTenantsOnly() {
    SimulatedRun run = sharded("60%", 4);
    run.outcome(name(1), Outcome.Succeeded, null);
    run.outcome(name(3), Outcome.Succeeded, null);
    run.jobs().fail("FailedIndexes: Job has failed indexes");
    run.step();
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.CompletedWithFailures);
    assertThat(run.status().totals()).isEqualTo(Totals.of(4, 0, 0, 2, 0, 2, 0));
    assertThat(run.status().failures())
        .extracting(TenantMigrationRunStatus.Failure::reason)
        .containsOnly(TenantReason.RunnerLost);
  }

  @ParameterizedTest(name = "{0} of {1} failed, {2} skipped, at {3}: aborts {4}")
  @CsvSource({
    "0, 3, 0, 0%, false",
    "1, 100, 0, 0%, true",
    "1, 1, 0, 100%, true",
    "9, 100, 0, 10%, false",
    "10, 100, 0, 10%, true",
    "11, 100, 0, 10%, true",
    "1, 11, 1, 10%, true",
    "1, 12, 1, 10%, false",
    "99, 100, 0, 100%, false",
    "100, 100, 0, 100%, true",
    "2, 4, 2, 100%, true",
  })
  void abortsWhenFailedOfPlannedMinusSkippedReachesTheRate(
      int failed, int planned, int skipped, String rate, boolean aborts) {
    SimulatedRun run = new SimulatedRun(spec(rate, planned), planned);
    run.stepUntil(StartInspection.class);
    run.inspected();
    run.stepUntil(FreezePlan.class);
    for (int i = 0; i < skipped; i++) {
      run.fleet().state(name(planned - i), TenantSpec.State.Suspended);
    }
    StartCohort start = run.stepUntil(StartCohort.class);
    assertThat(failed >= start.assignment().limits().failureThreshold())
        .as("the pod trips when the operator does")
        .isEqualTo(aborts);
    for (int i = 1; i <= planned - skipped; i++) {
      run.outcome(
          name(i),
          i <= failed ? Outcome.Failed : Outcome.Succeeded,
          i <= failed ? VIOLATION : null);
    }
    run.jobs().end(Progress.COMPLETE);
    run.step();
    assertThat(run.status().abortCount()).isEqualTo(aborts ? 1 : 0);
  }

  @Test
  void theRateIsOfTheWholeCohortInLaterAttemptsToo() {
    SimulatedRun run = new SimulatedRun(spec("20%", 10), 10).untilFirstCohort();
    run.cohortEnds(Map.of(name(1), VIOLATION, name(2), VIOLATION));
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    run.resume();
    StartCohort again = run.stepUntil(StartCohort.class);
    assertThat(again.assignment().tenants()).hasSize(2);
    assertThat(again.assignment().limits().failureThreshold()).isEqualTo(2);
    run.cohortEnds(Map.of(name(1), VIOLATION));
    run.step();
    run.step();
    assertThat(run.status().phase())
        .as("1 of 10, not 1 of 2")
        .isEqualTo(Phase.CompletedWithFailures);
  }

  @Test
  void stopsBeforeAnyJobWhenTheCodeIsTooOldForAPendingMigration() {
    SimulatedRun run = withCode("2.9.0");
    run.fleet().schemaVersion(name(1), "109");
    run.fleet().schemaVersion(name(2), "110");
    run.stepUntil(StartInspection.class);
    run.inspected(List.of(new CodeFloor("112", "2.14.0"), new CodeFloor("110", "2.9.0")));
    run.stepUntil(AbortRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().planHash()).isNull();
    assertThat(run.status().condition("Ready").reason()).isEqualTo("IncompatibleCodeVersion");
    assertThat(run.status().condition("Ready").message())
        .startsWith(
            "Version 112 of the bundle is pending for 2 tenants and needs application code 2.14.0 or"
                + " newer; compatibility.codeVersion is 2.9.0. ")
        .contains("raise spec.attempt");
    assertThat(run.jobs().created()).hasSize(1);

    run.change(s -> RunSpecs.with(s, s.mode(), s.execution(), new Compatibility("2.14.0"), null));
    run.resume();
    assertThat(run.stepUntil(StartCohort.class).assignment().migrations().codeVersion())
        .isEqualTo("2.14.0");
  }

  @Test
  void asksTheRunnerWhereTheVersionIsNotKnownAndTheDatabaseWhereItIsApplied() {
    SimulatedRun run = withCode("2.9.0");
    run.fleet().schemaVersion(name(1), "112");
    run.stepUntil(StartInspection.class);
    run.inspected(List.of(new CodeFloor("112", "2.14.0")));
    run.stepUntil(StartCohort.class);
    run.jobs()
        .end(
            Progress.FAILED,
            new TerminationMessage(
                null, new PodError("IncompatibleCodeVersion", "112 needs 2.14.0."), null));
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("IncompatibleCodeVersion");
    assertThat(run.status().totals().skipped()).isEqualTo(2);
  }

  @Test
  void looksAtTheVersionsAgainWhenACohortStartsOverAFrozenPlan() {
    SimulatedRun run = withCode("2.14.0");
    run.stepUntil(StartInspection.class);
    run.inspected(List.of(new CodeFloor("112", "2.14.0")));
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of(name(1), VIOLATION));
    run.step();
    // the failure left 109, and somebody rolled the application back
    run.change(s -> RunSpecs.with(s, s.mode(), s.execution(), new Compatibility("2.9.0"), null));
    run.resume();
    run.stepUntil(AbortRun.class);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("IncompatibleCodeVersion");
    assertThat(run.status().condition("Ready").message()).contains("pending for 1 tenants");
    run.change(s -> RunSpecs.with(s, s.mode(), s.execution(), new Compatibility("3.0.0"), null));
    run.resume();
    assertThat(run.stepUntil(StartCohort.class).assignment().attempt()).isEqualTo(3);
    assertThat(run.status().abortCount()).isEqualTo(2);
  }

  @Test
  void aLaterAttemptTakesUpAChangedExecutionAndRunner() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 2).untilFirstCohort();
    run.cohortEnds(Map.of(name(2), TenantReason.LockTimeout));
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.CompletedWithFailures);
    run.change(
        s ->
            RunSpecs.with(
                s,
                s.mode(),
                new Execution(7, 1, 2, "10m", "30s", 5),
                null,
                Runner.ofImage("mirror/runner:2")));
    run.resume();
    Assignment again = run.stepUntil(StartCohort.class).assignment();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.limits()).isEqualTo(new Assignment.Limits(7, 2, 600_000, 30_000, 5, 2));
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
  }

  @Test
  void aNewRunMayStartAtAnyAttempt() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2);
    run.startAtAttempt(7);
    run.untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.jobs().created())
        .containsExactly("v112-inspect-a7-0a1b2c", "v112-c001-a7-0a1b2c");
    assertThat(run.status().attempt()).isEqualTo(7);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
  }

  private static SimulatedRun sharded(String rate, int tenants) {
    TenantMigrationRunSpec spec = spec(rate, tenants);
    SimulatedRun run =
        new SimulatedRun(
            RunSpecs.with(
                spec, Mode.Apply, new Execution(null, 2, null, null, null, null), null, null),
            tenants);
    for (int i = 2; i <= tenants; i += 2) {
      run.fleet().repoint(name(i), "pg-2", name(i));
    }
    return run.untilFirstCohort();
  }

  private static SimulatedRun withCode(String codeVersion) {
    TenantMigrationRunSpec spec = spec("50%", 2);
    return new SimulatedRun(
        RunSpecs.with(spec, Mode.Apply, spec.execution(), new Compatibility(codeVersion), null), 2);
  }
}
