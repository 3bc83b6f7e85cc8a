package dev.fleetway.e2e.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.e2e.cluster.KubectlPlace;
import dev.fleetway.e2e.cluster.ProcessKiller;
import dev.fleetway.e2e.cluster.SmallFleet;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The operator dies without a word in the middle of a cohort, twice: once by SIGKILL, to be
 * restarted in its pod, once with its pod deleted by force. The fleet ends as if nothing had
 * happened.
 */
class OperatorKilledE2E {
  private static final String RUN = "v113";
  private static final String COHORT_JOBS =
      "fleetway.dev/run=" + RUN + ",fleetway.dev/component=cohort";
  private static final int SCRIPTS = 13;

  @RegisterExtension
  static final ClusterFleet CLUSTER =
      new ClusterFleet(new FleetShape(30, List.of(10, 10, 10), 3, 0));

  @Test
  void endsInTheSameStateWhenTheOperatorIsKilledInTheMiddleOfACohort() {
    KubectlPlace place = CLUSTER.place();
    List<String> databases = SmallFleet.in(place);
    try (ProcessKiller killer = new ProcessKiller(CLUSTER.kubectl(), place.namespace())) {
      startRun(place);

      awaitRunningCohort(place, 1);
      assertThat(killer.kill(operatorPod(place))).isPositive();
      assertCohortStillRuns(place, 1);

      awaitRunningCohort(place, 2);
      CLUSTER
          .kubectl()
          .run(
              "-n",
              place.namespace(),
              "delete",
              "pod",
              operatorPod(place).at("/metadata/name").asText(),
              "--grace-period=0",
              "--force");
      assertCohortStillRuns(place, 2);
    }

    assertThat(place.awaitCondition("tenantmigrationruns", RUN, "Finished", Duration.ofMinutes(5)))
        .isTrue();

    assertRunSucceededOverAllTenants(place);
    assertOneJobPerCohort(place);
    assertEachTenantWasMigratedOnce(place, databases);
  }

  // One second per tenant on top of the sample bundle: time to strike in the middle.
  private static void startRun(KubectlPlace place) {
    place.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: slow-migration}
        data:
          V113__slow.sql: SELECT pg_sleep(1);
        ---
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: %s}
        spec:
          migrations: {configMapRefs: [{name: %s}, {name: slow-migration}]}
          rollout: {cohortSizes: [10]}
          execution: {concurrency: 2}
        """
            .formatted(RUN, SmallFleet.BUNDLE));
  }

  private static void awaitRunningCohort(KubectlPlace place, int cohort) {
    await("first outcome of cohort " + cohort)
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                place.list("tenants", "").stream()
                    .anyMatch(tenant -> tenant.at("/status/lastRun/cohort").asInt() == cohort));
  }

  // The proof that the blow fell in the middle, and not after the end.
  private static void assertCohortStillRuns(KubectlPlace place, int cohort) {
    List<JsonNode> jobs = place.list("jobs", COHORT_JOBS + ",fleetway.dev/cohort=" + cohort);
    assertThat(jobs).hasSize(1);
    assertThat(jobs.get(0).at("/status/active").asInt()).isEqualTo(1);
  }

  private static JsonNode operatorPod(KubectlPlace place) {
    await("a ready operator")
        .atMost(Duration.ofMinutes(1))
        .until(() -> readyOperators(place).size() == 1);
    return readyOperators(place).get(0);
  }

  private static List<JsonNode> readyOperators(KubectlPlace place) {
    return place.list("pods", "app.kubernetes.io/name=fleetway-operator").stream()
        .filter(pod -> pod.at("/status/containerStatuses/0/ready").asBoolean())
        .toList();
  }

  private static void assertRunSucceededOverAllTenants(KubectlPlace place) {
    JsonNode status = place.get("tenantmigrationruns", RUN).orElseThrow().path("status");
    assertThat(status.path("phase").asText()).isEqualTo("Succeeded");
    assertThat(status.at("/totals/succeeded").asInt()).isEqualTo(30);
    assertThat(status.at("/totals/done").asInt()).isEqualTo(30);
    assertThat(status.path("abortCount").asInt()).isZero();
    assertThat(place.list("tenants", ""))
        .hasSize(30)
        .allMatch(tenant -> tenant.at("/status/lastRun/outcome").asText().equals("Succeeded"))
        .allMatch(tenant -> tenant.at("/status/schemaVersion").asText().equals("113"));
  }

  private static void assertOneJobPerCohort(KubectlPlace place) {
    Map<String, List<JsonNode>> jobs =
        place.list("jobs", COHORT_JOBS).stream()
            .collect(
                Collectors.groupingBy(
                    job -> job.at("/metadata/labels").path("fleetway.dev/cohort").asText(),
                    TreeMap::new,
                    Collectors.toList()));
    assertThat(jobs.keySet()).containsExactly("1", "2", "3");
    assertThat(jobs.values())
        .allSatisfy(
            ofCohort -> {
              assertThat(ofCohort).hasSize(1);
              assertThat(ofCohort.get(0).at("/status/succeeded").asInt()).isEqualTo(1);
              assertThat(ofCohort.get(0).at("/status/failed").asInt()).isZero();
            });
  }

  private static void assertEachTenantWasMigratedOnce(KubectlPlace place, List<String> databases) {
    List<List<List<String>>> histories =
        place.queryAll(
            databases,
            "SELECT version, count(*) FROM flyway_schema_history WHERE success GROUP BY version"
                + " ORDER BY version");
    List<List<String>> once =
        IntStream.rangeClosed(101, 113)
            .mapToObj(version -> List.of(Integer.toString(version), "1"))
            .toList();
    assertThat(once).hasSize(SCRIPTS);
    assertThat(histories).hasSize(30).allMatch(once::equals);
  }
}
