package dev.fleetway.sandbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.sandbox.api.ApiEndpoint;
import dev.fleetway.sandbox.crash.Crash.Moment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wherever the operator dies, the run ends as if it had not. */
class OperatorCrashIT {
  private static final Map<Mishap, ScriptedRun.Played> UNDISTURBED = new EnumMap<>(Mishap.class);

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static ApiEndpoint api;
  private static KubernetesClient client;

  @BeforeAll
  static void recordTheUndisturbedRuns() {
    api = ApiEndpoint.embedded();
    client = api.newClient();
    for (Mishap mishap : Mishap.values()) {
      UNDISTURBED.put(
          mishap, ScriptedRun.play(api, client, freshNamespace(), mishap, Optional.empty()));
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    api.close();
  }

  @ParameterizedTest
  @EnumSource
  void undisturbedTheRunAbortsOnceAndThenSucceeds(Mishap mishap) {
    RunOutcome outcome = UNDISTURBED.get(mishap).ended();

    assertThat(outcome.phase()).isEqualTo(Phase.Succeeded);
    assertThat(outcome.totals())
        .isEqualTo(Totals.of(ScriptedRun.TENANTS, 0, 0, ScriptedRun.TENANTS, 0, 0, 0));
    assertThat(outcome.abortCount()).isEqualTo(1);
    assertThat(outcome.aborts())
        .containsExactly(
            new RunOutcome.AbortOutcome(Mishap.ATTEMPT, Mishap.COHORT, mishap.reason()));
    assertThat(outcome.lastClosedCohort()).isEqualTo(3);
    assertThat(outcome.finalizers()).isEmpty();
    assertThat(outcome.created())
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
    assertThat(outcome.results())
        .containsOnlyKeys(
            "v1-c001-a1-result", "v1-c002-a1-result", "v1-c002-a2-result", "v1-c003-a2-result");
  }

  @TestFactory
  Stream<DynamicNode> endsAsIfUndisturbed() {
    return Arrays.stream(Mishap.values())
        .map(
            mishap ->
                DynamicContainer.dynamicContainer(
                    mishap.toString(),
                    crashes(mishap)
                        .map(
                            crash ->
                                DynamicTest.dynamicTest(
                                    crash.toString(), () -> endsAsIfUndisturbed(mishap, crash)))));
  }

  private static Stream<Crash> crashes(Mishap mishap) {
    List<Write> writes = UNDISTURBED.get(mishap).writes();
    return (mishap == Mishap.TENANT_FAILS ? writes : aroundTheMishap(writes))
        .stream()
            .flatMap(write -> Arrays.stream(Moment.values()).map(when -> new Crash(when, write)));
  }

  /** Before and after it, all runs are the same. */
  private static List<Write> aroundTheMishap(List<Write> writes) {
    List<String> names = writes.stream().map(Write::what).toList();
    int from = names.indexOf("POST configmaps v1-c002-a1");
    int to = names.indexOf("POST configmaps v1-c002-a2");
    return writes.subList(from, to);
  }

  private static String freshNamespace() {
    return "run-" + NUMBER.incrementAndGet();
  }

  private static void endsAsIfUndisturbed(Mishap mishap, Crash crash) {
    ScriptedRun.Played disturbed =
        ScriptedRun.play(api, client, freshNamespace(), mishap, Optional.of(crash));

    ScriptedRun.Played undisturbed = UNDISTURBED.get(mishap);
    assertEqual(disturbed.aborted(), undisturbed.aborted(), mishap + ", when aborted, " + crash);
    assertEqual(disturbed.ended(), undisturbed.ended(), mishap + ", at the end, " + crash);
  }

  private static void assertEqual(RunOutcome actual, RunOutcome expected, String when) {
    assertThat(actual).as(when).usingRecursiveComparison().isEqualTo(expected);
  }
}
