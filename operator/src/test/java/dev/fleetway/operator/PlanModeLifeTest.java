package dev.fleetway.operator;

import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.RunReason;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** Whole lives of runs in mode Plan. */
class PlanModeLifeTest {

  @Test
  void goesThroughTheCohortsAndIsReadyWhenNothingIsWrong() {
    SimulatedRun run = plan(3, "1h", 1, 2);
    assertThat(run.runningAssignment().mode()).isEqualTo(Mode.Plan);
    run.report(name(1), 1);
    run.jobs().end(Progress.COMPLETE);
    run.step();
    assertThat(run.status().nextCohortTime()).as("nothing was applied: no stagger").isNull();
    run.stepUntil(StartCohort.class);
    run.report(name(2), 3);
    run.report(name(3), 0);
    run.jobs().end(Progress.COMPLETE);
    run.stepUntil(FinishRun.class);

    assertThat(run.status().phase()).isEqualTo(Phase.Planned);
    assertThat(run.status().totals()).isEqualTo(Totals.of(3, 0, 0, 2, 1, 0, 0));
    assertThat(run.status().condition("Ready").message())
        .isEqualTo(
            "3 tenants, head is 112: 2 have migrations pending (1 have 1, 1 have 3), 1 have none, 0"
                + " have problems; 0 skipped. "
                + RunReason.PlanReady.hint());
    assertConditions(run, "True", "False", "False", "True", "True", "PlanReady");
    TenantMigrationRunStatus end = run.status();
    assertThat(run.step()).isEqualTo(new Rest());
    assertThat(run.status()).isEqualTo(end);
  }

  @Test
  void neverStopsAtProblemsAndShowsThemAsFailures() {
    SimulatedRun run = plan(4, "0s", 2);
    run.report(name(1), 1, TenantReason.SchemaDrift);
    run.report(name(2), 1, TenantReason.ConnectionRefused, TenantReason.SecretMissing);
    assertThat(run.step()).isNotInstanceOf(EndJob.class);
    run.jobs().end(Progress.COMPLETE);
    run.stepUntil(StartCohort.class);
    run.report(name(3), 1);
    run.report(name(4), 0);
    run.jobs().end(Progress.COMPLETE);
    run.stepUntil(FinishRun.class);

    assertThat(run.status().phase()).isEqualTo(Phase.Planned);
    assertThat(run.status().abortCount()).isZero();
    assertThat(run.status().totals()).isEqualTo(Totals.of(4, 0, 0, 1, 1, 2, 0));
    assertThat(run.status().failures())
        .extracting(
            TenantMigrationRunStatus.Failure::tenant,
            TenantMigrationRunStatus.Failure::reason,
            TenantMigrationRunStatus.Failure::failedVersion)
        .containsExactly(
            Tuple.tuple(name(1), TenantReason.SchemaDrift, "110"),
            Tuple.tuple(name(2), TenantReason.ConnectionRefused, "110"));
    assertThat(run.status().failureGroups())
        .extracting(
            TenantMigrationRunStatus.FailureGroup::reason,
            TenantMigrationRunStatus.FailureGroup::count,
            TenantMigrationRunStatus.FailureGroup::example)
        .containsExactlyInAnyOrder(
            Tuple.tuple(TenantReason.SchemaDrift, 1, name(1)),
            Tuple.tuple(TenantReason.ConnectionRefused, 1, name(2)));
    assertThat(run.status().estimatedDuration()).as("it has ended").isNull();
    assertThat(run.status().condition("Ready").message()).contains("2 have problems");
    assertConditions(run, "False", "False", "True", "False", "True", "PlanFoundProblems");
  }

  @Test
  void reportsWhoNobodyReportedOnAndLeavesTheLastRunAlone() {
    SimulatedRun run = plan(3, "0s", 3);
    run.report(name(1), 1);
    run.fleet().state(name(3), TenantSpec.State.Suspended);
    run.jobs().end(Progress.FAILED);
    run.stepUntil(FinishRun.class);
    assertThat(run.status().totals().failed()).isEqualTo(2);
    assertThat(run.status().phase()).isEqualTo(Phase.Planned);
    assertThat(run.fleet().view(name(2)).lastPlan().orElseThrow().problems())
        .extracting(Problem::reason)
        .containsExactly(TenantReason.RunnerLost);
    assertThat(run.fleet().view(name(2)).lastRun()).isEmpty();
  }

  @Test
  void concludesTheSameWhenACrashCutTheSettlementShort() {
    SimulatedRun run = plan(3, "0s", 3);
    run.report(name(1), 1);
    run.jobs().end(Progress.FAILED);
    TenantMigrationRunStatus before = run.status();
    run.step();
    TenantMigrationRunStatus undisturbed = run.status();
    run.loseStatusOfLastStep(before);
    run.step();
    assertThat(run.status()).isEqualTo(undisturbed);
    assertThat(undisturbed.cohorts().get(0).state()).isEqualTo(CohortState.Closed);
  }

  @Test
  void canBeAbortedAndGoesOnWithTheNextAttempt() {
    SimulatedRun run = plan(2, "0s", 2);
    run.report(name(1), 1);
    run.abort();
    assertThat(run.step()).isInstanceOf(EndJob.class);
    run.jobs().end(Progress.FAILED);
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertThat(run.status().totals()).isEqualTo(Totals.of(2, 0, 0, 1, 0, 0, 1));
    run.resume();
    assertThat(run.stepUntil(StartCohort.class).assignment().tenants()).hasSize(1);
    run.report(name(2), 0);
    run.jobs().end(Progress.COMPLETE);
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Planned);
    assertThat(run.status().totals()).isEqualTo(Totals.of(2, 0, 0, 1, 1, 0, 0));
  }

  private static SimulatedRun plan(int tenants, String stagger, Integer... sizes) {
    TenantMigrationRunSpec spec =
        RunSpecs.spec(RunSpecs.rollout("0%", stagger, sizes), new Tenants(null, null, null));
    return new SimulatedRun(RunSpecs.with(spec, Mode.Plan, spec.execution(), null, null), tenants)
        .untilFirstCohort();
  }

  private static void assertConditions(
      SimulatedRun run,
      String ready,
      String reconciling,
      String stalled,
      String succeeded,
      String finished,
      String reason) {
    assertThat(run.status().conditions())
        .extracting(Condition::type, c -> c.status().name(), Condition::reason)
        .containsExactly(
            Tuple.tuple("Ready", ready, reason),
            Tuple.tuple("Reconciling", reconciling, reason),
            Tuple.tuple("Stalled", stalled, reason),
            Tuple.tuple("Succeeded", succeeded, reason),
            Tuple.tuple("Finished", finished, reason),
            Tuple.tuple("Suspended", "False", reason));
  }
}
