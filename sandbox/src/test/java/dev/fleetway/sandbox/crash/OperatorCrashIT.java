package dev.fleetway.sandbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.sandbox.api.ApiEndpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Wherever the operator dies, and whatever else goes wrong with a write, the run ends as if it had
 * not. On the embedded API, which answers at once: a case costs little. The operator's client does
 * not repeat a failed request by itself: the operator has to cope.
 *
 * <p>Unless {@code -Dfleetway.crashes=all} is given, only one mishap is played, which all own
 * writes of a story meet together: the others are for {@link OperatorCrashOnRealApiIT}.
 */
class OperatorCrashIT {
  private static CrashMatrix matrix;

  @BeforeAll
  static void playUndisturbed() {
    matrix = new CrashMatrix(ApiEndpoint.embedded(), false);
  }

  @AfterAll
  static void stop() {
    matrix.close();
  }

  @Test
  void undisturbedTheRunAbortsOnceAndThenSucceeds() {
    for (Story story :
        List.of(Story.TENANT_FAILS, Story.POD_IS_LOST, Story.PERSON_ABORTS, Story.GATED)) {
      RunOutcome end = end(story);
      RunOutcome.RunStand run = end.run().orElseThrow();
      assertThat(run.phase()).isEqualTo(Phase.Succeeded);
      assertThat(run.totals())
          .isEqualTo(Totals.of(ScriptedRun.TENANTS, 0, 0, ScriptedRun.TENANTS, 0, 0, 0));
      assertThat(run.abortCount()).isEqualTo(1);
      assertThat(run.aborts())
          .containsExactly(
              new RunOutcome.AbortOutcome(
                  1,
                  Story.SPECIAL,
                  story == Story.PERSON_ABORTS ? "AbortedByUser" : "AbortRateExceeded"));
      assertThat(run.lastClosedCohort()).isEqualTo(3);
      assertThat(run.finalizers()).isEmpty();
      assertThat(end.created())
          .containsExactlyInAnyOrder(
              "POST jobs v1-inspect-a1",
              "POST configmaps v1-plan-1",
              "POST configmaps v1-c001-a1",
              "POST jobs v1-c001-a1",
              "POST configmaps v1-c001-a1-result",
              "POST configmaps v1-c002-a1",
              "POST jobs v1-c002-a1",
              "POST configmaps v1-c002-a1-result",
              "POST configmaps v1-c002-a2",
              "POST jobs v1-c002-a2",
              "POST configmaps v1-c002-a2-result",
              "POST configmaps v1-c003-a2",
              "POST jobs v1-c003-a2",
              "POST configmaps v1-c003-a2-result");
      assertThat(end.results())
          .containsOnlyKeys(
              "v1-c001-a1-result", "v1-c002-a1-result", "v1-c002-a2-result", "v1-c003-a2-result");
    }
  }

  @Test
  void undisturbedTheOtherStoriesEndAsTheyShould() {
    assertThat(phases(Story.PERSON_SUSPENDS))
        .containsExactly(Phase.Suspended, Phase.Succeeded, Phase.Succeeded);
    assertThat(phases(Story.FAILURE_IS_TRIED_AGAIN))
        .containsExactly(Phase.CompletedWithFailures, Phase.Succeeded, Phase.Succeeded);
    assertThat(end(Story.FAILURE_IS_TRIED_AGAIN).run().orElseThrow().abortCount()).isZero();
    assertThat(phases(Story.ONLY_A_PLAN)).containsExactly(Phase.Planned, Phase.Planned);
    assertThat(end(Story.PERSON_DELETES).run()).isEmpty();
    assertThat(end(Story.PERSON_DELETES).created())
        .filteredOn(what -> what.startsWith("POST jobs"))
        .containsExactly("POST jobs v1-c001-a1", "POST jobs v1-c002-a1", "POST jobs v1-inspect-a1");
  }

  @Test
  void undisturbedNoTenantStaysGated() {
    for (RunOutcome look : matrix.undisturbed(Story.GATED).looks()) {
      assertThat(look.tenants().values())
          .extracting(RunOutcome.TenantOutcome::access)
          .containsOnly(Access.ReadWrite);
    }
  }

  @Test
  void undisturbedNoJobIsAskedForTwice() {
    for (Story story : Story.values()) {
      assertThat(matrix.undisturbed(story).writes())
          .as("writes in: %s", story)
          .filteredOn(write -> write.what().startsWith("POST jobs "))
          .extracting(Write::occurrence)
          .containsOnly(1);
    }
  }

  private static List<Phase> phases(Story story) {
    return matrix.undisturbed(story).looks().stream()
        .map(look -> look.run().orElseThrow().phase())
        .toList();
  }

  private static RunOutcome end(Story story) {
    List<RunOutcome> looks = matrix.undisturbed(story).looks();
    return looks.get(looks.size() - 1);
  }

  @TestFactory
  List<DynamicNode> endsAsIfNothingHadGoneWrong() {
    List<DynamicNode> tests = new ArrayList<>();
    for (Story story : Story.values()) {
      tests.add(
          CrashMatrix.ALL
              ? matrix.atEachWrite(story, Fault.MISHAPS)
              : matrix.atAllWrites(story, List.of(Fault.SERVER_ERROR)));
    }
    for (Story story : Story.values()) {
      tests.add(matrix.atEachWrite(story, Fault.KILLS));
    }
    return tests;
  }
}
