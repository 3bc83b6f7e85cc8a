package dev.fleetway.operator;

import static dev.fleetway.operator.RunSpecs.spec;
import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pods that are pushed out, killed, or on a node that is gone: what the run says and does. */
class RunTroubleTest {
  private static final StartTrouble OUT_OF_MEMORY =
      new StartTrouble(RunReason.PodOutOfMemory, "Pod p-0 on node n-1: exit code 137 (OOMKilled)");

  @Test
  void saysWhatBefellThePodKeepsWhatSucceededAndGoesOn() {
    SimulatedRun run = new SimulatedRun(spec("10%", 3), 3).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.jobs().troubled(OUT_OF_MEMORY);
    run.step();
    assertReady(run, "PodOutOfMemory", "exit code 137", "runner.resources.limits.memory");
    assertThat(run.status().totals()).isEqualTo(Totals.of(3, 0, 2, 1, 0, 0, 0));

    run.jobs().untroubled();
    run.step();
    assertReady(run, "CohortRunning");
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.jobs().created()).hasSize(2);
  }

  @Test
  void namesTheLastTroubleWhenTheJobGaveUpBeforeAnyoneSawIt() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.step();
    run.jobs().fail("FailedIndexes: Job has failed indexes");
    run.jobs().troubledInTheEnd(OUT_OF_MEMORY);
    run.step();
    assertThat(run.status().phase()).isEqualTo(Phase.Aborted);
    assertReady(run, "AbortRateExceeded", "FailedIndexes", "OOMKilled");
  }

  @Test
  void saysThatADrainIsOverdueAndStartsNothingUntilThePodIsGone() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 4).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.abort();
    assertThat(run.step()).isInstanceOf(EndJob.class);
    run.overdue("Pod p-0 on node n-1 should have been gone at 10:01");
    for (int i = 0; i < 3; i++) {
      assertThat(run.step()).isInstanceOf(AwaitJob.class);
      assertReady(run, "DrainOverdue", "Pod p-0 on node n-1", "delete the Node");
    }
    assertThat(run.status().phase()).isEqualTo(Phase.Running);
    assertThat(run.status().totals().succeeded()).isEqualTo(1);

    run.overdue(null);
    run.jobs().end(Progress.FAILED);
    assertThat(run.step()).isInstanceOf(SettleCohort.class);
    assertReady(run, "AbortedByUser");
    assertThat(run.jobs().created()).hasSize(2);
  }

  @Test
  void saysThatAPodOfADeletedJobIsOverdueAndStartsNothingBesideIt() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.jobs().deleteRunning();
    run.orphanPods(true);
    run.overdue("Pod p-0 on node n-1 should have been gone at 10:01");
    run.step();
    assertReady(run, "DrainOverdue", "node n-1");
    assertThat(run.jobs().created()).hasSize(2);
    run.orphanPods(false);
    run.overdue(null);
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void keepsADeletedRunUntilItsOverduePodIsGone() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.delete();
    assertThat(run.step()).isInstanceOf(EndJob.class);
    run.overdue("Pod p-0 on node n-1 should have been gone at 10:01");
    assertThat(run.step())
        .isInstanceOfSatisfying(
            AwaitJob.class, await -> assertThat(await.reason()).isEqualTo(RunReason.DrainOverdue));
    run.jobs().end(Progress.FAILED);
    run.overdue(null);
    assertThat(run.step()).isEqualTo(new Rest());
  }

  @Test
  void letsGoOfARunWhoseNamespaceIsDeletedWithItsJobAtWorkAndCreatesNothing() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    int jobs = run.jobs().created().size();
    run.namespaceGoes();

    Decision decision = run.step();

    assertThat(decision).isEqualTo(new Rest());
    assertThat(decision.needsFinalizer()).isFalse();
    run.delete();
    assertThat(run.step()).isEqualTo(new Rest());
    assertThat(run.jobs().created()).hasSize(jobs);
  }

  @Test
  void callsASilentNodeByItsOwnNameWhileNobodyToldTheJobToEnd() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.jobs().troubled(new StartTrouble(RunReason.NodeLost, "Pod p-0: node n-1 does not answer"));
    run.overdue("Pod p-0 on node n-1 should have been gone at 10:01");
    run.step();
    assertReady(run, "NodeLost", "node n-1 does not answer");
  }

  private static void assertReady(SimulatedRun run, String reason, String... words) {
    assertThat(run.status().condition("Ready").reason()).isEqualTo(reason);
    assertThat(run.status().condition("Ready").message())
        .satisfies(message -> assertThat(List.of(words)).allMatch(message::contains));
  }
}
