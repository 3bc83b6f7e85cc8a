package dev.fleetway.operator;

import static dev.fleetway.operator.RunSpecs.spec;
import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.RepeatInspection;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.decide.Decision.TakeTurn;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole lives of runs through the pure phases: what an on-call engineer would see happen. */
class RunLifeTest {

  private static final TenantReason VIOLATION = TenantReason.ConstraintViolation;

  @Test
  void migratesCohortAfterCohortAndSucceeds() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1, 3), 6).untilFirstCohort();
    for (int cohort = 1; cohort <= 3; cohort++) {
      run.cohortEnds(Map.of());
      run.stepUntil(SettleCohort.class);
      run.step();
    }
    assertThat(run.jobs().created())
        .containsExactly(
            "v112-inspect-a1-0a1b2c",
            "v112-c001-a1-0a1b2c",
            "v112-c002-a1-0a1b2c",
            "v112-c003-a1-0a1b2c");
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.status().totals()).isEqualTo(Totals.of(6, 0, 0, 6, 0, 0, 0));
    assertThat(run.status().cohortProgress()).isEqualTo("3/3");
    assertConditions(run, "True", "False", "False", "True", "True", "False", "AllTenantsCurrent");
  }

  @Test
  void startsNoJobOfTheNextCohortBeforeTheLastOneClosed() {
    SimulatedRun run = new SimulatedRun(spec("50%", 2), 4).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.outcome(name(2), Outcome.Succeeded, null);
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    assertThat(run.jobs().created()).hasSize(2);
    run.jobs().end(Progress.ENDING);
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    run.jobs().end(Progress.COMPLETE);
    assertThat(run.step()).isInstanceOf(SettleCohort.class);
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void abortsAtTheRateAndStartsNothingUntilTheAttemptRises() {
    SimulatedRun run = new SimulatedRun(spec("20%", 5), 10).untilFirstCohort();
    run.outcome(name(1), Outcome.Failed, VIOLATION);
    run.jobs().end(Progress.COMPLETE);
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().abortCount()).isEqualTo(1);
    assertThat(run.status().aborts())
        .containsExactly(
            new TenantMigrationRunStatus.Abort(
                1, 1, "AbortRateExceeded", SimulatedRun.START.toString()));
    assertThat(run.status().totals()).isEqualTo(Totals.of(10, 5, 0, 0, 0, 1, 4));
    assertThat(run.status().condition("Ready").message())
        .contains("1 of 5 tenants failed")
        .contains("ConstraintViolation at version 110 (e.g. tenant t001)")
        .contains("raise spec.attempt");
    assertThat(run.fleet().view(name(2)).lastRun().orElseThrow().reason())
        .isEqualTo(TenantReason.CohortAborted);
    assertConditions(run, "False", "False", "True", "False", "True", "False", "AbortRateExceeded");
    TenantMigrationRunStatus aborted = run.status();
    for (int i = 0; i < 3; i++) {
      assertThat(run.step()).isEqualTo(new Rest());
    }
    assertThat(run.status()).isEqualTo(aborted);
    assertThat(run.jobs().created()).hasSize(2);
  }

  @Test
  void closesJustBelowTheRateAndCompletesWithFailures() {
    SimulatedRun run = new SimulatedRun(spec("21%", 5), 5).untilFirstCohort();
    run.cohortEnds(Map.of(name(1), VIOLATION));
    run.step();
    assertThat(run.step()).isInstanceOf(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.CompletedWithFailures);
    assertThat(run.status().failures())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.tenant()).isEqualTo(name(1));
              assertThat(f.server()).isEqualTo("pg-1:5432");
              assertThat(f.failedVersion()).isEqualTo("110");
            });
    assertConditions(
        run, "False", "False", "True", "False", "True", "False", "CompletedWithFailures");
  }

  @Test
  void resumesTheAbortedCohortWithoutTheTenantsThatSucceeded() {
    SimulatedRun run = new SimulatedRun(spec("30%", 2, 4), 6).untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.outcome(name(3), Outcome.Succeeded, null);
    run.outcome(name(4), Outcome.Failed, VIOLATION);
    run.outcome(name(5), Outcome.Failed, VIOLATION);
    run.jobs().end(Progress.COMPLETE);
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);

    run.resume();
    StartCohort start = run.stepUntil(StartCohort.class);

    assertThat(start.progress().jobName()).isEqualTo("v112-c002-a2-0a1b2c");
    assertThat(start.assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(4), name(5), name(6));
    assertThat(run.status().totals()).isEqualTo(Totals.of(6, 0, 3, 3, 0, 0, 0));
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.status().abortCount()).isEqualTo(1);
    assertThat(run.status().totals()).isEqualTo(Totals.of(6, 0, 0, 6, 0, 0, 0));
    assertThat(run.status().failures()).isEmpty();
  }

  @Test
  void runsTheFailuresOfClosedCohortsAgainAtTheEndOfTheNextAttempt() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2, 1), 4).untilFirstCohort();
    run.cohortEnds(Map.of(name(1), VIOLATION));
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of(name(3), VIOLATION));
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    run.resume();
    assertThat(run.stepUntil(StartCohort.class).progress().number()).isEqualTo(2);
    run.cohortEnds(Map.of());
    assertThat(run.stepUntil(StartCohort.class).progress().number()).isEqualTo(3);
    run.cohortEnds(Map.of());
    StartCohort again = run.stepUntil(StartCohort.class);
    assertThat(again.progress().jobName()).isEqualTo("v112-c001-a2-0a1b2c");
    assertThat(again.assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(1));
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.status().lastClosedCohort()).isEqualTo(3);
  }

  @Test
  void retriesTheFailedTenantsOfARunThatCompletedWithFailures() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 4).untilFirstCohort();
    run.cohortEnds(Map.of(name(2), VIOLATION));
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.CompletedWithFailures);

    run.resume();
    StartCohort start = run.stepUntil(StartCohort.class);

    assertThat(start.assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(2));
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
  }

  @Test
  void countsATenantThatWasSuspendedBeforeTheResumeAsSkippedAndSucceeds() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 2).untilFirstCohort();
    run.cohortEnds(Map.of(name(2), VIOLATION));
    run.stepUntil(FinishRun.class);
    run.fleet().state(name(2), TenantSpec.State.Suspended);
    run.resume();
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.status().totals()).isEqualTo(Totals.of(2, 0, 0, 1, 0, 0, 1));
    assertThat(run.jobs().created()).hasSize(2);
  }

  @Test
  void skipsTenantsThatWereDeletedRecreatedOrSuspendedSinceThePlan() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1, 9), 5).untilFirstCohort();
    run.fleet().delete(name(2));
    run.fleet().recreate(name(3));
    run.fleet().state(name(4), TenantSpec.State.Suspended);
    run.cohortEnds(Map.of());
    StartCohort start = run.stepUntil(StartCohort.class);
    assertThat(start.assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(5));
    assertThat(start.assignment().skipped())
        .extracting(Assignment.SkippedMember::reason)
        .containsExactly(
            TenantReason.TenantDeleted, TenantReason.TenantDeleted, TenantReason.TenantSuspended);
    assertThat(start.assignment().limits().failureThreshold()).isEqualTo(1);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().totals()).isEqualTo(Totals.of(5, 0, 0, 2, 0, 0, 3));
  }

  @Test
  void callsATenantWithoutAnOutcomeLostWhenNobodyStoppedItsPod() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 2).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.jobs().end(Progress.FAILED);
    run.step();
    assertThat(run.status().cohorts().get(0).state()).isEqualTo(CohortState.Closed);
    assertThat(run.status().failures().get(0).reason()).isEqualTo(TenantReason.RunnerLost);
  }

  @Test
  void concludesTheSameForTheRestWhenACrashCutTheSettlementShort() {
    SimulatedRun run = new SimulatedRun(spec("30%", 3), 3).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.jobs().end(Progress.FAILED);
    TenantMigrationRunStatus before = run.status();
    run.step();
    TenantMigrationRunStatus undisturbed = run.status();
    run.loseStatusOfLastStep(before);
    run.fleet().forgetOutcome(name(3));
    run.step();
    assertThat(run.fleet().view(name(3)).lastRun().orElseThrow().reason())
        .isEqualTo(TenantReason.RunnerLost);
    assertThat(run.status()).isEqualTo(undisturbed);
  }

  @Test
  void abortsWithTheReasonOfThePodWhenTheBundleIsNotTheInspectedOne() {
    SimulatedRun run = new SimulatedRun(spec("100%", 2), 2).untilFirstCohort();
    run.jobs()
        .end(
            Progress.FAILED,
            new TerminationMessage(null, new PodError("BundleChanged", "digest differs."), null));
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("BundleChanged");
    assertThat(run.status().totals().skipped()).isEqualTo(2);
  }

  @Test
  void abortedByTheUserDrainsTheJobFirst() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 4).untilFirstCohort();
    run.abort();
    assertThat(run.step())
        .isInstanceOfSatisfying(
            EndJob.class, end -> assertThat(end.reason()).isEqualTo(RunReason.AbortedByUser));
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("Aborting");
    run.outcome(name(1), Outcome.Succeeded, null);
    run.jobs().end(Progress.FAILED);
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("AbortedByUser");
    assertThat(run.status().totals()).isEqualTo(Totals.of(4, 2, 0, 1, 0, 0, 1));
    run.resume();
    run.stepUntil(StartCohort.class);
    assertThat(run.runningAssignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(2));
  }

  @Test
  void tellsTenantsThatWereCutOffFromThoseThatWereNotReached() {
    SimulatedRun run = new SimulatedRun(spec("10%", 3), 3).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.abort();
    run.step();
    run.jobs()
        .end(
            Progress.FAILED,
            new TerminationMessage(null, null, new RunSummary(1, 0, 0, 1, List.of(name(2)))));
    run.step();
    assertThat(run.fleet().view(name(2)).lastRun().orElseThrow().reason())
        .isEqualTo(TenantReason.Interrupted);
    assertThat(run.fleet().view(name(3)).lastRun().orElseThrow().reason())
        .isEqualTo(TenantReason.CohortAborted);
    assertThat(run.status().totals()).isEqualTo(Totals.of(3, 0, 0, 1, 0, 1, 1));
  }

  @Test
  void abortBeforeTheFirstJobStartsNothing() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 4);
    run.step();
    run.abort();
    assertThat(run.step()).isInstanceOf(AbortRun.class);
    assertThat(run.jobs().created()).isEmpty();
    assertThat(run.status().abortCount()).isEqualTo(1);
  }

  @Test
  void abortWinsOverSuspend() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 4);
    run.suspend(true);
    run.stepUntil(Hold.class);
    assertConditions(run, "False", "True", "False", "Unknown", "False", "True", "SuspendedByUser");
    run.abort();
    assertThat(run.step()).isInstanceOf(AbortRun.class);
  }

  @Test
  void suspendLetsTheRunningCohortFinishAndHoldsTheNext() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 4).untilFirstCohort();
    run.suspend(true);
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    run.cohortEnds(Map.of());
    assertThat(run.step()).isInstanceOf(SettleCohort.class);
    assertThat(run.step()).isInstanceOf(Hold.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Suspended);
    run.suspend(false);
    assertThat(run.step()).isInstanceOf(TakeTurn.class);
    assertThat(run.step()).isInstanceOf(StartCohort.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Running);
  }

  @Test
  void pausesBetweenCohortsButNotAfterTheLast() {
    SimulatedRun run =
        new SimulatedRun(spec(RunSpecs.rollout(null, "90s", 1), new Tenants(null, null, null)), 2)
            .untilFirstCohort();
    run.cohortEnds(Map.of());
    run.step();
    assertThat(run.status().nextCohortTime())
        .isEqualTo(SimulatedRun.START.plusSeconds(90).toString());
    run.wait(Duration.ofSeconds(89));
    assertThat(run.step()).isInstanceOf(Hold.class);
    run.wait(Duration.ofSeconds(1));
    assertThat(run.step()).isInstanceOf(StartCohort.class);
    assertThat(run.status().nextCohortTime()).isNull();
    run.cohortEnds(Map.of());
    run.step();
    assertThat(run.status().nextCohortTime()).isNull();
    assertThat(run.step()).isInstanceOf(FinishRun.class);
  }

  @Test
  void doesNotPauseAfterACohortThatAppliedNothing() {
    SimulatedRun run =
        new SimulatedRun(spec(RunSpecs.rollout(null, "90s", 1), new Tenants(null, null, null)), 2)
            .untilFirstCohort();
    run.outcome(name(1), Outcome.AlreadyCurrent, null);
    run.jobs().end(Progress.COMPLETE);
    run.step();
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void succeedsAtOnceWhenNoTenantMatches() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 0);
    run.stepUntil(StartInspection.class);
    run.inspected();
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("NoTenantMatched");
  }

  @Test
  void namesATenantThatDoesNotExist() {
    SimulatedRun run =
        new SimulatedRun(
            spec(
                RunSpecs.rollout(null, null, 2),
                new Tenants(null, List.of("nobody", "no-one", "none", "nil", name(1)), null)),
            3);
    run.untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().totals()).isEqualTo(Totals.of(5, 0, 0, 1, 0, 0, 4));
    assertThat(run.status().condition("Ready").message())
        .endsWith(
            "4 skipped. 4 of spec.tenants.names do not exist: nil, no-one, nobody and 1 more.");
  }

  @Test
  void abortsOnABrokenBundleBeforeAnyTenantIsTouched() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2);
    run.stepUntil(StartInspection.class);
    run.endInspection(
        Progress.FAILED,
        new TerminationMessage(null, new PodError("InvalidBundle", "evil.sh is no SQL"), null));
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("InvalidBundle");
    assertThat(run.status().condition("Ready").message())
        .startsWith("evil.sh is no SQL. The bundle cannot be used");
    run.resume();
    assertThat(run.stepUntil(StartInspection.class).jobName()).isEqualTo("v112-inspect-a2-0a1b2c");
  }

  @Test
  void inspectsAgainWhenTheReportCannotBeRead() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2);
    run.stepUntil(StartInspection.class);
    run.endInspection(Progress.COMPLETE, null);
    assertThat(run.step()).isInstanceOf(RepeatInspection.class);
    assertThat(run.step()).isInstanceOf(StartInspection.class);
  }

  @Test
  void saysWhyAPodDoesNotStartAndRemembersItWhenTheInspectionGivesUp() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2);
    run.stepUntil(StartInspection.class);
    run.jobs().troubled(new StartTrouble(RunReason.ImagePullFailed, "no such image: nowhere/x:1"));
    run.step();
    assertThat(run.status().condition("Ready").reason()).isEqualTo("ImagePullFailed");
    run.endInspection(Progress.FAILED, null);
    run.step();
    assertThat(run.status().condition("Ready").reason()).isEqualTo("InspectionFailed");
    assertThat(run.status().condition("Ready").message()).contains("nowhere/x:1");
  }

  @Test
  void givesTheSameStatusForTheSameObservation() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 4).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.step();
    TenantMigrationRunStatus once = run.status();
    run.wait(Duration.ofMinutes(1));
    run.step();
    assertThat(run.status()).isEqualTo(once);
  }

  @Test
  void repeatsAStepWhoseStatusWriteWasLostWithTheSameEnd() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1), 3).untilFirstCohort();
    run.cohortEnds(Map.of(name(1), VIOLATION));
    TenantMigrationRunStatus before = run.status();
    Decision decision = run.step();
    TenantMigrationRunStatus after = run.status();
    run.loseStatusOfLastStep(before);
    assertThat(run.step()).isInstanceOf(decision.getClass());
    assertThat(run.status()).isEqualTo(after);
    assertThat(run.status().abortCount()).isEqualTo(1);
  }

  @Test
  void startsNothingBesidePodsOfADeletedJob() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.jobs().deleteRunning();
    run.orphanPods(true);
    run.step();
    assertThat(run.status().condition("Ready").reason()).isEqualTo("WaitingForPods");
    run.orphanPods(false);
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void abortsWhenThePlanIsGoneAndTheFleetIsAnother() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1), 2).untilFirstCohort();
    run.losePlan();
    run.fleet().state(name(3), TenantSpec.State.Active);
    assertThat(run.step()).isInstanceOf(EndJob.class);
    run.jobs().end(Progress.FAILED);
    run.step();
    assertThat(run.status().condition("Ready").reason()).isEqualTo("PlanLost");
    assertThat(run.status().cohorts().get(0).state()).isEqualTo(CohortState.Aborted);
  }

  @Test
  void drainsTheJobOfADeletedRunAndThenRests() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.delete();
    assertThat(run.step()).isInstanceOf(EndJob.class);
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    run.jobs().end(Progress.FAILED);
    assertThat(run.step()).isEqualTo(new Rest());
  }

  @Test
  void keepsASuccessOfAnOlderAttemptWhenTheTenantIsSuspendedSince() {
    SimulatedRun run = new SimulatedRun(spec("50%", 2), 2).untilFirstCohort();
    run.cohortEnds(Map.of(name(2), VIOLATION));
    run.step();
    run.fleet().state(name(1), TenantSpec.State.Suspended);
    run.resume();
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().totals()).isEqualTo(Totals.of(2, 0, 0, 2, 0, 0, 0));
  }

  @Test
  void settlesWhatIsKnownWhenTheJobWasDeletedAndTheRunIsAborted() {
    SimulatedRun run = new SimulatedRun(spec("50%", 3), 3).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.step();
    run.jobs().deleteRunning();
    run.abort();
    assertThat(run.step()).isInstanceOf(SettleCohort.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().totals()).isEqualTo(Totals.of(3, 0, 0, 1, 0, 0, 2));
  }

  @Test
  void abortsWhenTheJobFailedByItsPolicyAndThePodSaysNothing() {
    SimulatedRun run = new SimulatedRun(spec("100%", 2), 4).untilFirstCohort();
    run.jobs().fail("PodFailurePolicy: Container bundle failed with exit code 128");
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("RunnerFailed");
    assertThat(run.status().condition("Ready").message()).contains("exit code 128");
    assertThat(run.status().totals().skipped()).isEqualTo(2);
  }

  @Test
  void saysWhyTheJobOfLostTenantsFailed() {
    SimulatedRun run = new SimulatedRun(spec("50%", 2), 2).untilFirstCohort();
    run.jobs().troubled(new StartTrouble(RunReason.Unschedulable, "0/3 nodes are available"));
    run.step();
    run.jobs().fail("DeadlineExceeded: Job was active longer than specified deadline");
    run.step();
    assertThat(run.status().condition("Ready").reason()).isEqualTo("AbortRateExceeded");
    assertThat(run.status().condition("Ready").message())
        .contains("RunnerLost", "DeadlineExceeded", "0/3 nodes are available");
  }

  @Test
  void doesNotInspectForEverWhenTheImageIsNoRunner() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2);
    run.stepUntil(StartInspection.class);
    run.endInspection(Progress.COMPLETE, new TerminationMessage(null, null, null));
    run.step();
    assertThat(run.status().condition("Ready").reason()).isEqualTo("InspectionFailed");
    assertThat(run.status().condition("Ready").message())
        .contains("is its image a Fleetway runner");
  }

  @Test
  void neverStartsACohortBesideALiveJobOfAnOlderAttempt() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.forgetAndAbort();
    assertThat(run.step()).isInstanceOf(EndJob.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    run.resume();
    run.step();
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("WaitingForPods");
    run.jobs().end(Progress.FAILED);
    assertThat(run.step()).isInstanceOf(TakeTurn.class);
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void neverInspectsBesideALiveJobOfAnOlderAttempt() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2);
    run.stepUntil(StartInspection.class);
    run.forgetAndAbort();
    assertThat(run.step()).isInstanceOf(EndJob.class);
    run.resume();
    run.step();
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("WaitingForPods");
    assertThat(run.jobs().created()).hasSize(1);
  }

  private static void assertConditions(
      SimulatedRun run,
      String ready,
      String reconciling,
      String stalled,
      String succeeded,
      String finished,
      String suspended,
      String reason) {
    assertThat(run.status().conditions())
        .extracting(Condition::type, c -> c.status().name(), Condition::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Ready", ready, reason),
            org.assertj.core.groups.Tuple.tuple("Reconciling", reconciling, reason),
            org.assertj.core.groups.Tuple.tuple("Stalled", stalled, reason),
            org.assertj.core.groups.Tuple.tuple("Succeeded", succeeded, reason),
            org.assertj.core.groups.Tuple.tuple("Finished", finished, reason),
            org.assertj.core.groups.Tuple.tuple("Suspended", suspended, reason));
  }
}
