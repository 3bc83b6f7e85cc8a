package dev.fleetway.operator;

import static dev.fleetway.operator.RunSpecs.gated;
import static dev.fleetway.operator.RunSpecs.spec;
import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.AwaitGate;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.SetGate;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.decide.Decision.WithdrawGate;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.RunReason;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lives of runs whose cohorts are read-only while they are migrated. */
class GateLifeTest {
  private static final String INSPECTION = "v112-inspect-a1-0a1b2c";
  private static final String FIRST_JOB = "v112-c001-a1-0a1b2c";

  @Test
  void createsTheJobOnlyWhenAllTenantsAreReadOnlyAndApplicationsHadTimeToNotice() {
    SimulatedRun run = untilGate("10s", 2, 4);

    assertThat(run.status().cohorts())
        .singleElement()
        .satisfies(cohort -> assertThat(cohort.state()).isEqualTo(CohortState.Running));
    assertThat(run.gatedTenants()).containsExactlyInAnyOrder(name(1), name(2));
    assertThat(awaited(run).reason()).isEqualTo(RunReason.Gating);
    run.accessFollows(name(1));
    assertThat(awaited(run).message()).contains("1 of 2").contains(name(2));
    assertThat(run.status().nextCohortTime()).isNull();
    run.accessFollows(name(2));
    assertThat(awaited(run).reason()).isEqualTo(RunReason.Settling);
    assertThat(run.status().nextCohortTime()).isEqualTo(run.now().plusSeconds(10).toString());
    run.wait(Duration.ofSeconds(9));
    assertThat(awaited(run).until()).contains(run.now().plusSeconds(1));
    assertThat(run.jobs().created()).containsExactly(INSPECTION);
    run.wait(Duration.ofSeconds(1));
    assertThat(run.step()).isInstanceOf(StartCohort.class);
    assertThat(run.jobs().created()).containsExactly(INSPECTION, FIRST_JOB);
    assertThat(run.status().nextCohortTime()).isNull();
  }

  @Test
  void opensTheGateWhenTheCohortCloses() {
    SimulatedRun run = untilJob(2, 4);
    run.cohortEnds(Map.of());
    assertThat(run.gatedTenants()).hasSize(2);
    run.stepUntil(SettleCohort.class);
    assertThat(run.gatedTenants()).isEmpty();
    run.stepUntil(SetGate.class);
    assertThat(run.gatedTenants()).containsExactlyInAnyOrder(name(3), name(4));
  }

  @Test
  void opensTheGateWhenTheCohortAborts() {
    SimulatedRun run = untilJob(2, 4);
    run.cohortEnds(Map.of(name(1), TenantReason.SqlError));
    run.stepUntil(SettleCohort.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.gatedTenants()).isEmpty();
  }

  @Test
  void anAbortWhileTheGateIsBeingSetStartsNothingAndOpensIt() {
    SimulatedRun run = untilGate("10s", 2, 4);
    run.accessFollows(name(1));
    run.abort();
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.jobs().created()).containsExactly(INSPECTION);
    assertThat(run.gatedTenants()).isEmpty();
    assertThat(run.fleet().view(name(1)).lastRun().orElseThrow().reason())
        .isEqualTo(TenantReason.CohortAborted);
  }

  @Test
  void aCohortWhoseGateIsSetRunsBeforeTheRunIsSuspended() {
    SimulatedRun run = untilGate("0s", 2, 4);
    run.suspend(true);
    run.accessFollows();
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(SettleCohort.class);
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Suspended);
    assertThat(run.gatedTenants()).isEmpty();
  }

  @Test
  void aClockThatIsSetBackDoesNotProlongTheWait() {
    SimulatedRun run = untilGate("10s", 2, 4);
    run.accessFollows();
    run.step();
    run.wait(Duration.ofHours(-1));
    assertThat(awaited(run).until()).contains(run.now().plusSeconds(10));
    run.wait(Duration.ofSeconds(10));
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void aStatusThatWasLostIsWrittenOnceMoreAndTheWaitBeginsAnew() {
    SimulatedRun run = untilGate("10s", 2, 4);
    run.accessFollows();
    TenantMigrationRunStatus before = run.status();
    run.step();
    run.wait(Duration.ofSeconds(30));
    run.loseStatusOfLastStep(before);
    assertThat(awaited(run).until()).contains(run.now().plusSeconds(10));
  }

  @Test
  void aTenantThatIsCreatedAgainOrDeletedMeanwhileIsNotWaitedFor() {
    SimulatedRun run = untilGate("0s", 2, 4);
    run.accessFollows(name(1));
    run.fleet().recreate(name(2));
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void setsNoGateForACohortWithNobodyToMigrate() {
    SimulatedRun run = new SimulatedRun(gated(spec("10%", 1, 1), "10s"), 2);
    run.stepUntil(StartInspection.class);
    run.inspected();
    run.stepUntil(Decision.FreezePlan.class);
    run.fleet().state(name(1), TenantSpec.State.Suspended);
    assertThat(run.step()).isInstanceOf(SettleCohort.class);
    assertThat(run.gatedTenants()).isEmpty();
  }

  @Test
  void aDeletedRunDrainsItsJobThenOpensTheGateThenMayVanish() {
    SimulatedRun run = untilJob(2, 4);
    run.delete();
    assertThat(run.step()).isInstanceOf(EndJob.class);
    assertThat(run.gatedTenants()).hasSize(2);
    run.jobs().end(Progress.FAILED);
    run.losePlan();
    assertThat(run.step()).isInstanceOf(WithdrawGate.class);
    assertThat(run.gatedTenants()).isEmpty();
    assertThat(run.step()).isEqualTo(new Rest());
  }

  @Test
  void aRunThatIsDeletedWhileItsGateIsBeingSetOpensIt() {
    SimulatedRun run = untilGate("10s", 2, 4);
    run.delete();
    assertThat(run.step()).isInstanceOf(WithdrawGate.class);
    assertThat(run.gatedTenants()).isEmpty();
    assertThat(run.step()).isEqualTo(new Rest());
  }

  @Test
  void aJobThatSomebodyDeletedStartsAgainBehindTheSameGate() {
    SimulatedRun run = untilJob(2, 4);
    run.jobs().deleteRunning();
    assertThat(run.step()).isInstanceOf(StartCohort.class);
    assertThat(run.gatedTenants()).hasSize(2);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("JobLost");
  }

  @Test
  void saysThatAJobWasDeletedThoughTheGateSettlesOnceMore() {
    SimulatedRun run = untilGate("10s", 2, 4);
    run.accessFollows();
    run.step();
    run.wait(Duration.ofSeconds(10));
    run.stepUntil(StartCohort.class);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("CohortRunning");
    run.jobs().deleteRunning();
    assertThat(awaited(run).reason()).isEqualTo(RunReason.Settling);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("JobLost");
    run.wait(Duration.ofSeconds(10));
    assertThat(run.step()).isInstanceOf(StartCohort.class);
    assertThat(run.status().condition("Ready").reason()).isEqualTo("CohortRunning");
  }

  @Test
  void everyCohortOfAGatedRunGoesThrough() {
    SimulatedRun run = untilGate("1s", 1, 5);
    for (int i = 0; i < 100 && run.status().phase() != Phase.Succeeded; i++) {
      run.step();
      run.accessFollows();
      run.wait(Duration.ofSeconds(1));
      if (!run.jobs().live().isEmpty()) {
        run.everybodySucceeds();
      }
    }
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.closedToWriters()).isEmpty();
    assertThat(run.step()).isNotInstanceOf(FinishRun.class);
  }

  private static SimulatedRun untilGate(String settle, int cohortSize, int tenants) {
    SimulatedRun run = new SimulatedRun(gated(spec("10%", cohortSize), settle), tenants);
    run.stepUntil(StartInspection.class);
    run.inspected();
    run.stepUntil(SetGate.class);
    return run;
  }

  private static SimulatedRun untilJob(int cohortSize, int tenants) {
    SimulatedRun run = untilGate("0s", cohortSize, tenants);
    run.accessFollows();
    run.stepUntil(StartCohort.class);
    return run;
  }

  private static AwaitGate awaited(SimulatedRun run) {
    Decision decision = run.step();
    assertThat(decision).isInstanceOf(AwaitGate.class);
    return (AwaitGate) decision;
  }
}
