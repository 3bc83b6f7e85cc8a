package dev.fleetway.operator;

import static dev.fleetway.operator.RunSpecs.spec;
import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.RestoreAssignment;
import dev.fleetway.operator.decide.Decision.RestorePlan;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.Surroundings.Deleted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people do to the fleet, to objects of a run, to backups and clocks while a run goes on. */
class RunChurnTest {
  private static final TenantReason VIOLATION = TenantReason.ConstraintViolation;

  @Test
  void skipsATenantThatIsDeletedBeforeOrDuringItsCohortAndKeepsOneThatIsDeletedAfter() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1, 2, 1), 4).untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.fleet().delete(name(1));
    run.outcome(name(2), Outcome.Succeeded, null);
    run.fleet().delete(name(3));
    run.fleet().delete(name(4));
    run.jobs().end(Progress.COMPLETE);
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
    assertThat(run.status().totals()).isEqualTo(Totals.of(4, 0, 0, 2, 0, 0, 2));
  }

  @Test
  void doesNotTakeATenantThatIsCreatedAgainForTheOneThatWasPlanned() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1, 2), 3).untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.outcome(name(2), Outcome.Succeeded, null);
    run.fleet().recreate(name(2));
    run.outcome(name(3), Outcome.Succeeded, null);
    run.jobs().end(Progress.COMPLETE);
    run.stepUntil(FinishRun.class);
    assertThat(run.fleet().view(name(2)).lastRun()).isEmpty();
    assertThat(run.status().totals()).isEqualTo(Totals.of(3, 0, 0, 2, 0, 0, 1));
  }

  @Test
  void letsATenantThatIsSuspendedDuringItsCohortFinish() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.fleet().state(name(1), TenantSpec.State.Suspended);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().totals()).isEqualTo(Totals.of(2, 0, 0, 2, 0, 0, 0));
  }

  @Test
  void keepsThePlanWhenATenantGetsOtherLabels() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1), 2).untilFirstCohort();
    run.fleet()
        .edit(
            name(2),
            old -> new TenantView(old.name(), old.uid(), Map.of(), old.spec(), old.lastRun()));
    run.cohortEnds(Map.of());
    assertThat(run.stepUntil(StartCohort.class).assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(2));
  }

  @Test
  void migratesATenantWhereItLivesWhenItsCohortStarts() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1), 2).untilFirstCohort();
    run.fleet().edit(name(1), old -> on("pg-9", old));
    run.fleet().edit(name(2), old -> on("pg-9", old));
    assertThat(run.runningAssignment().tenants().get(0).database().host()).isEqualTo("pg-1");
    run.cohortEnds(Map.of());
    assertThat(run.stepUntil(StartCohort.class).assignment().tenants().get(0).database().host())
        .isEqualTo("pg-9");
  }

  @Test
  void createsADeletedJobAgainAndSaysSo() {
    SimulatedRun run = new SimulatedRun(spec("10%", 3), 3).untilFirstCohort();
    run.outcome(name(1), Outcome.Succeeded, null);
    run.step();
    run.jobs().deleteRunning();
    assertThat(run.step()).isInstanceOf(StartCohort.class);
    assertThat(ready(run)).isEqualTo("JobLost");
    assertThat(run.status().totals().succeeded()).isEqualTo(1);
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    assertThat(ready(run)).isEqualTo("CohortRunning");
    run.everybodySucceeds();
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
  }

  @Test
  void storesAgainWhatSomebodyDeletesWhileItIsKnownWhateverBecameOfTheFleet() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1), 3).untilFirstCohort();
    List<String> jobs = List.copyOf(run.jobs().created());
    Totals totals = run.status().totals();
    run.fleet().delete(name(3));
    run.deleteFrozen(new Deleted(true, true));
    assertThat(run.step()).isInstanceOf(RestorePlan.class);
    assertThat(ready(run)).isEqualTo("PlanRestored");
    assertThat(run.step()).isInstanceOf(RestoreAssignment.class);
    assertThat(ready(run)).isEqualTo("PlanRestored");
    assertThat(run.status().phase()).isEqualTo(Phase.Running);
    assertThat(run.step()).isInstanceOf(AwaitJob.class);
    assertThat(ready(run)).isEqualTo("CohortRunning");
    assertThat(run.status().totals()).isEqualTo(totals);
    assertThat(run.jobs().created()).isEqualTo(jobs);
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().totals()).isEqualTo(Totals.of(3, 0, 0, 2, 0, 0, 1));
  }

  @Test
  void storesNothingAgainForARunThatIsDeleted() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1), 1).untilFirstCohort();
    run.deleteFrozen(new Deleted(true, true));
    run.delete();
    assertThat(run.step()).isInstanceOf(EndJob.class);
  }

  @Test
  void storesADeletedPlanAgainWhenTheFleetStillGivesIt() {
    SimulatedRun run = new SimulatedRun(spec("10%", 1), 3).untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    TenantMigrationRunStatus before = run.status();
    run.losePlan();
    assertThat(run.step()).isInstanceOf(RestorePlan.class);
    assertThat(ready(run)).isEqualTo("PlanRestored");
    assertThat(run.status().totals()).isEqualTo(before.totals());
    assertThat(run.status().planHash()).isEqualTo(before.planHash());
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().totals()).isEqualTo(Totals.of(3, 0, 0, 3, 0, 0, 0));
  }

  @Test
  void storesAPlanWithDuplicatesAgainUntilOneOfThemIsCorrected() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 4);
    run.fleet().repoint(name(4), "pg-1", name(1));
    run.untilFirstCohort();
    run.losePlan();
    assertThat(run.step()).isInstanceOf(RestorePlan.class);
    run.cohortEnds(Map.of());
    run.stepUntil(SettleCohort.class);
    run.fleet().repoint(name(4), "pg-1", "its-own");
    run.losePlan();
    run.step();
    assertThat(ready(run)).as("the fleet gives another plan").isEqualTo("PlanLost");
  }

  @Test
  void doesNotMissAReportThatSomebodyDeletes() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 4).untilFirstCohort();
    run.cohortEnds(Map.of(name(1), VIOLATION));
    run.stepUntil(StartCohort.class);
    run.loseResults();
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    run.resume();
    assertThat(run.stepUntil(StartCohort.class).assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(1));
  }

  @Test
  void staysAtRestWhenTheManifestIsAppliedAgain() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 2).untilFirstCohort();
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    TenantMigrationRunStatus end = run.status();
    run.change(spec -> spec);
    run.wait(Duration.ofDays(1));
    assertThat(run.step()).isEqualTo(new Rest());
    assertThat(run.status()).isEqualTo(end);
  }

  @Test
  void catchesUpFromEvidenceWhenAnOldStatusIsRestored() {
    SimulatedRun run = new SimulatedRun(spec("10%", 2), 6).untilFirstCohort();
    run.step();
    TenantMigrationRunStatus backup = run.status();
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(StartCohort.class);
    run.outcome(name(5), Outcome.Succeeded, null);
    List<String> jobs = List.copyOf(run.jobs().created());

    run.restore(backup, run.spec());
    for (int i = 0; i < 10; i++) {
      run.step();
    }
    assertThat(run.jobs().created()).as("nothing runs twice").isEqualTo(jobs);
    assertThat(run.status().lastClosedCohort()).isEqualTo(2);
    assertThat(run.status().totals()).isEqualTo(Totals.of(6, 0, 1, 5, 0, 0, 0));
    run.everybodySucceeds();
    run.stepUntil(FinishRun.class);
    assertThat(run.status().phase()).isEqualTo(Phase.Succeeded);
  }

  @Test
  void takesTheOutcomesOfANewerAttemptThanTheRestoredOne() {
    SimulatedRun run = new SimulatedRun(spec("50%", 2), 2).untilFirstCohort();
    run.step();
    TenantMigrationRunStatus backup = run.status();
    TenantMigrationRunSpec oldSpec = run.spec();
    run.cohortEnds(Map.of(name(1), VIOLATION, name(2), VIOLATION));
    run.step();
    run.resume();
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of(name(1), VIOLATION));
    run.step();
    List<String> jobs = List.copyOf(run.jobs().created());

    run.restore(backup, oldSpec);
    assertThat(run.step()).isInstanceOf(SettleCohort.class);
    assertThat(run.jobs().created()).isEqualTo(jobs);
    assertThat(run.status().totals()).isEqualTo(Totals.of(2, 0, 0, 1, 0, 1, 0));
    assertThat(run.fleet().view(name(1)).lastRun().orElseThrow().attempt()).isEqualTo(2);
  }

  @Test
  void leavesTenantsOfANewerAttemptOutOfARestoredCohort() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 2);
    run.untilFirstCohort();
    run.record(name(1), 1, 2, Outcome.Failed, VIOLATION);
    run.jobs().deleteRunning();
    run.forgetAssignments();
    assertThat(run.stepUntil(StartCohort.class).assignment().tenants())
        .extracting(Assignment.Member::name)
        .containsExactly(name(2));
  }

  @Test
  void waitsNoLongerThanTheStaggerWhenTheClockIsSetBack() {
    SimulatedRun run =
        new SimulatedRun(spec(RunSpecs.rollout(null, "90s", 1), new Tenants(null, null, null)), 2)
            .untilFirstCohort();
    run.cohortEnds(Map.of());
    run.step();
    run.wait(Duration.ofDays(-3));
    Decision held = run.step();
    Instant bound = run.now().plusSeconds(90);
    assertThat(held)
        .isInstanceOfSatisfying(Hold.class, hold -> assertThat(hold.until()).contains(bound));
    assertThat(run.status().nextCohortTime()).isEqualTo(bound.toString());
    run.wait(Duration.ofSeconds(89));
    assertThat(run.step()).isInstanceOf(Hold.class);
    run.wait(Duration.ofSeconds(1));
    assertThat(run.step()).isInstanceOf(StartCohort.class);
  }

  @Test
  void aClockThatJumpsChangesNeitherJobsNorOutcomes() {
    SimulatedRun steady = through(List.of(Duration.ZERO));
    SimulatedRun jumping =
        through(
            List.of(
                Duration.ofDays(-3), Duration.ZERO, Duration.ofDays(400), Duration.ofHours(-1)));
    assertThat(jumping.jobs().created()).isEqualTo(steady.jobs().created());
    assertThat(jumping.status().phase()).isEqualTo(Phase.CompletedWithFailures);
    assertThat(jumping.status().totals()).isEqualTo(steady.status().totals());
    assertThat(jumping.status().abortCount()).isEqualTo(steady.status().abortCount());
  }

  /** To the end, with a minute and one of these jumps after each look. */
  private static SimulatedRun through(List<Duration> jumps) {
    SimulatedRun run =
        new SimulatedRun(spec(RunSpecs.rollout("60%", "60s", 2), new Tenants(null, null, null)), 6)
            .untilFirstCohort();
    for (int look = 0; look < 200; look++) {
      run.wait(Duration.ofMinutes(1).plus(jumps.get(look % jumps.size())));
      Decision decision = run.step();
      if (decision instanceof AwaitJob) {
        run.cohortEnds(Map.of(name(3), VIOLATION));
      } else if (decision instanceof FinishRun) {
        return run;
      }
    }
    throw new AssertionError("no end: " + run.status());
  }

  private static TenantView on(String host, TenantView old) {
    TenantSpec.Database d = old.spec().database();
    return new TenantView(
        old.name(),
        old.uid(),
        old.labels(),
        new TenantSpec(
            old.spec().state(),
            new TenantSpec.Database(
                host,
                d.port(),
                d.name(),
                d.schema(),
                d.extensionSchemas(),
                d.role(),
                d.sslMode(),
                d.credentialsSecretRef())),
        old.lastRun());
  }

  private static String ready(SimulatedRun run) {
    return run.status().condition("Ready").reason();
  }
}
