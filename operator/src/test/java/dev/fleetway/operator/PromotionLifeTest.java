package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Rollout;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.model.RunReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lives of runs that wait for somebody after the first cohorts. */
class PromotionLifeTest {

  @Test
  void waitsAfterSoManyCohortsUntilItIsPromoted() {
    SimulatedRun run = paused(1, null, 3);

    assertThat(run.step()).isEqualTo(run.step());
    assertThat(reason(run)).isEqualTo("AwaitingPromotion");
    assertThat(run.status().phase()).isEqualTo(Phase.Suspended);
    assertThat(run.status().condition("Suspended").status().name()).isEqualTo("True");
    assertThat(run.status().condition("Ready").message()).contains("1 of 3 cohorts are closed");
    run.promote();
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
  }

  @Test
  void neverWaitsWhenItIsPromotedFromTheStart() {
    SimulatedRun run = run(1, null, 3);
    run.promote();
    run.untilFirstCohort().cohortEnds(Map.of());
    run.step();
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void neverWaitsWhenThereAreNoMoreCohorts() {
    for (int pauseAfter : List.of(2, 3)) {
      SimulatedRun run = run(pauseAfter, null, 2).untilFirstCohort();
      run.cohortEnds(Map.of());
      run.stepUntil(StartCohort.class);
      run.cohortEnds(Map.of());
      run.step();
      assertThat(run.step()).as("pauseAfter %d", pauseAfter).isInstanceOf(FinishRun.class);
    }
  }

  @Test
  void aPromotedRunWaitsForTheRestOfTheStaggerOnly() {
    SimulatedRun run = paused(1, "60s", 3);
    run.step();
    run.wait(Duration.ofSeconds(40));
    run.promote();
    run.step();
    Decision hold = run.step();
    assertThat(hold).isInstanceOf(Hold.class);
    assertThat(((Hold) hold).reason()).isEqualTo(RunReason.WaitingForStagger);
    assertThat(((Hold) hold).until()).contains(run.now().plusSeconds(20));
  }

  @Test
  void aPromotionThatCameAfterTheStaggerStartsAtOnce() {
    SimulatedRun run = paused(1, "60s", 3);
    run.step();
    run.wait(Duration.ofSeconds(61));
    run.promote();
    run.step();
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void canBeAbortedWhileItWaitsAndDoesNotWaitAgainWhenPromoted() {
    SimulatedRun run = paused(1, null, 3);
    run.step();
    run.abort();
    assertThat(run.step()).isInstanceOf(AbortRun.class);
    run.resume();
    run.step();
    run.step();
    assertThat(reason(run)).isEqualTo("AwaitingPromotion");
    run.promote();
    assertThat(run.stepUntil(StartCohort.class).progress().number()).isEqualTo(2);
  }

  @Test
  void suspendedByTheUserSaysSoFirst() {
    SimulatedRun run = paused(1, null, 3);
    run.step();
    run.suspend(true);
    run.step();
    assertThat(reason(run)).isEqualTo("SuspendedByUser");
    run.suspend(false);
    run.step();
    assertThat(reason(run)).isEqualTo("AwaitingPromotion");
  }

  @Test
  void failuresThatRunAgainAtTheEndNeedNoPromotion() {
    SimulatedRun run = run(2, null, 2).untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of(SimulatedRun.name(2), TenantReason.SqlError));
    run.stepUntil(SettleCohort.class);
    run.resume();
    assertThat(run.stepUntil(StartCohort.class).progress().number()).isEqualTo(2);
  }

  private static SimulatedRun run(int pauseAfter, String stagger, int tenants) {
    Rollout rollout = new Rollout(null, null, List.of(1), pauseAfter, stagger, "100%");
    return new SimulatedRun(RunSpecs.spec(rollout, new Tenants(null, null, null)), tenants);
  }

  private static SimulatedRun paused(int pauseAfter, String stagger, int tenants) {
    SimulatedRun run = run(pauseAfter, stagger, tenants).untilFirstCohort();
    for (int cohort = 1; cohort < pauseAfter; cohort++) {
      run.cohortEnds(Map.of());
      run.stepUntil(StartCohort.class);
    }
    run.cohortEnds(Map.of());
    run.stepUntil(SettleCohort.class);
    return run;
  }

  private static String reason(SimulatedRun run) {
    return run.status().condition("Ready").reason();
  }
}
