package dev.fleetway.operator;

import static dev.fleetway.operator.RunSpecs.spec;
import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.model.JobState.Progress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** What the status says of failures: their groups, and the way back for each of them. */
class RunFailuresTest {
  private static final TenantReason VIOLATION = TenantReason.ConstraintViolation;

  @Test
  void groupsFailuresOverAllCohortsByTheirCause() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 6).untilFirstCohort();
    run.cohortEnds(Map.of(name(2), VIOLATION));
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of(name(3), VIOLATION));
    run.stepUntil(StartCohort.class);
    run.jobs().end(Progress.FAILED);
    run.step();
    List<FailureGroup> groups = run.status().failureGroups();
    assertThat(groups)
        .extracting(FailureGroup::reason, FailureGroup::count, FailureGroup::example)
        .containsExactlyInAnyOrder(
            Tuple.tuple(VIOLATION, 2, name(2)), Tuple.tuple(TenantReason.RunnerLost, 2, name(5)));
    assertThat(groups)
        .filteredOn(group -> group.reason() == VIOLATION)
        .allSatisfy(
            group -> {
              assertThat(group.sqlState()).isEqualTo("23505");
              assertThat(group.failedVersion()).isEqualTo("110");
              assertThat(group.servers()).isEqualTo(1);
            });
  }

  @Test
  void takesATenantOutOfItsGroupWhenALaterAttemptMigratesIt() {
    SimulatedRun run = completedWithThreeFailures();
    assertThat(counts(run)).containsExactly(3);
    run.resume();
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.step();
    assertThat(counts(run)).containsExactly(2);
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of(name(3), VIOLATION));
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(counts(run)).containsExactly(1);
    assertThat(run.status().failureGroups().get(0).example()).isEqualTo(name(3));
    assertThat(run.status().failures()).extracting(Failure::tenant).containsExactly(name(3));
  }

  @Test
  void keepsCountingAFailureWhoseTenantIsDeletedSince() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 4).untilFirstCohort();
    run.cohortEnds(Map.of(name(1), VIOLATION));
    run.stepUntil(StartCohort.class);
    run.fleet().delete(name(1));
    run.cohortEnds(Map.of(name(3), VIOLATION));
    run.stepUntil(FinishRun.class);
    assertThat(run.status().totals().failed()).isEqualTo(2);
    assertThat(counts(run)).containsExactly(2);
  }

  @Test
  void countsFromTheTenantsWhenSomebodyDeletedTheReports() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 4).untilFirstCohort();
    run.cohortEnds(Map.of(name(1), VIOLATION));
    run.stepUntil(StartCohort.class);
    run.loseResults();
    run.cohortEnds(Map.of(name(3), VIOLATION));
    run.stepUntil(FinishRun.class);
    assertThat(counts(run)).containsExactly(2);
    assertThat(run.status().phase()).isEqualTo(Phase.CompletedWithFailures);
  }

  /** The sample is short; whoever is left of it makes room for the next. */
  @Test
  void fillsTheSampleUpFromTheReports() {
    SimulatedRun run = new SimulatedRun(spec("100%", 25, 2), 27).untilFirstCohort();
    Map<String, TenantReason> almostAll =
        IntStream.rangeClosed(1, 24)
            .boxed()
            .collect(Collectors.toMap(SimulatedRun::name, i -> VIOLATION));
    run.cohortEnds(almostAll);
    run.stepUntil(StartCohort.class);
    assertThat(run.status().failures()).hasSize(20);
    run.cohortEnds(Map.of());
    run.stepUntil(FinishRun.class);
    assertThat(run.status().failures()).hasSize(20);
    run.resume();
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of(name(23), VIOLATION, name(24), VIOLATION));
    run.stepUntil(FinishRun.class);
    assertThat(run.status().failures())
        .extracting(Failure::tenant)
        .containsExactly(name(23), name(24));
  }

  @Test
  void runsTheFailuresOfMoreCohortsAgainThanTheStatusLists() {
    int cohorts = 130;
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 2 * cohorts).untilFirstCohort();
    for (int cohort = 1; cohort <= cohorts; cohort++) {
      run.cohortEnds(Map.of(name(2 * cohort), VIOLATION));
      run.step();
      run.step();
    }
    assertThat(run.status().phase()).isEqualTo(Phase.CompletedWithFailures);
    assertThat(run.status().totals()).isEqualTo(Totals.of(260, 0, 0, 130, 0, 130, 0));
    assertThat(run.status().cohorts()).hasSize(100);
    assertThat(run.status().olderFailures()).startsWith("1.1f1 2.1f1 ").endsWith(" 30.1f1");

    run.resume();
    for (int cohort = 1; cohort <= cohorts; cohort++) {
      StartCohort start = run.stepUntil(StartCohort.class);
      assertThat(start.progress().number()).isEqualTo(cohort);
      assertThat(run.status().cohorts())
          .as("the cohort at work is always listed")
          .anyMatch(c -> c.number() == start.progress().number());
      // one of them stays broken
      run.cohortEnds(cohort == 7 ? Map.of(name(14), VIOLATION) : Map.of());
      run.step();
    }
    run.stepUntil(FinishRun.class);
    TenantMigrationRunStatus end = run.status();
    assertThat(end.phase()).isEqualTo(Phase.CompletedWithFailures);
    assertThat(end.totals()).isEqualTo(Totals.of(260, 0, 0, 259, 0, 1, 0));
    assertThat(counts(run)).containsExactly(1);
    assertThat(end.olderFailures()).isNull();
  }

  private static SimulatedRun completedWithThreeFailures() {
    SimulatedRun run = new SimulatedRun(spec("60%", 2), 6).untilFirstCohort();
    for (int cohort = 1; cohort <= 3; cohort++) {
      run.cohortEnds(Map.of(name(2 * cohort - 1), VIOLATION));
      run.step();
      run.step();
    }
    assertThat(run.status().phase()).isEqualTo(Phase.CompletedWithFailures);
    return run;
  }

  private static List<Integer> counts(SimulatedRun run) {
    return run.status().failureGroups().stream().map(FailureGroup::count).toList();
  }
}
