package dev.fleetway.e2e.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.e2e.cluster.Kubectl;
import dev.fleetway.e2e.cluster.KubectlPlace;
import dev.fleetway.e2e.cluster.SmallFleet;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run whose pods cannot start says so, in the kubelet's own words, and can be mended. */
class PodNeverStartsE2E {
  private static final String RUN = "no-image";
  private static final String KIND = "tenantmigrationruns";

  private static final String NODE_LABEL = "fleetway-e2e-node";
  private static final String OPERATOR = "app.kubernetes.io/name=fleetway-operator";

  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(2, List.of(2), 1, 0));

  @BeforeAll
  static void createFleetAndRunsThatCannotStart() {
    SmallFleet.in(CLUSTER.place());
    plan("no-account", "{serviceAccountName: nobody}");
    plan("no-node", "{nodeSelector: {" + NODE_LABEL + ": there}}");
  }

  @AfterAll
  static void takeTheLabelBack() {
    CLUSTER.kubectl().run("label", "nodes", "--all", NODE_LABEL + "-");
  }

  private static void plan(String name, String runner) {
    CLUSTER
        .place()
        .apply(
            """
            apiVersion: fleetway.dev/v1alpha1
            kind: TenantMigrationRun
            metadata: {name: %s}
            spec:
              mode: Plan
              migrations: {configMapRefs: [{name: %s}]}
              runner: %s
            """
                .formatted(name, SmallFleet.BUNDLE, runner));
  }

  @Test
  void saysThatTheServiceAccountIsMissing() {
    awaitReason("no-account", "RunnerServiceAccountMissing", "\"nobody\" not found");
  }

  /** The pod ends while no operator looks, and is gone when one does: its report is lost. */
  @Test
  void inspectsAgainWhenTheFirstReportIsLostAndRunsWhereItIsTold() {
    awaitReason("no-node", "Unschedulable", "");
    KubectlPlace place = CLUSTER.place();
    Kubectl kubectl = CLUSTER.kubectl();
    String namespace = place.namespace();
    String job = inspectJob(place).at("/metadata/name").asText();
    String uid = inspectJob(place).at("/metadata/uid").asText();

    scaleOperator(0);
    kubectl.run("-n", namespace, "wait", "--for=delete", "pod", "-l", OPERATOR, "--timeout=60s");
    kubectl.run("label", "nodes", "--all", NODE_LABEL + "=there");
    kubectl.run("-n", namespace, "wait", "--for=condition=Complete", "job/" + job, "--timeout=90s");
    kubectl.run("-n", namespace, "delete", "pods", "-l", "job-name=" + job, "--timeout=60s");
    scaleOperator(1);

    assertThat(place.awaitCondition(KIND, "no-node", "Finished", Duration.ofMinutes(2))).isTrue();
    assertThat(place.get(KIND, "no-node").orElseThrow().at("/status/phase").asText())
        .isEqualTo("Planned");
    assertThat(inspectJob(place).at("/metadata/uid").asText()).isNotEqualTo(uid);
  }

  private static JsonNode inspectJob(KubectlPlace place) {
    return place.list("jobs", "fleetway.dev/run=no-node,fleetway.dev/component=inspect").get(0);
  }

  private static void scaleOperator(int replicas) {
    CLUSTER
        .kubectl()
        .run(
            "-n",
            CLUSTER.place().namespace(),
            "scale",
            "deployment",
            "-l",
            OPERATOR,
            "--replicas=" + replicas);
  }

  private static void awaitReason(String run, String reason, String words) {
    await("the reason in the Ready condition")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              JsonNode ready = ready(CLUSTER.place(), run);
              assertThat(ready.path("reason").asText()).isEqualTo(reason);
              assertThat(ready.path("message").asText()).contains(words);
            });
  }

  @Test
  void saysThatTheImageCannotBePulledAndGoesOnWithAnotherOne() {
    KubectlPlace place = CLUSTER.place();
    place.apply(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: %s}
        spec:
          migrations: {configMapRefs: [{name: %s}]}
          runner: {image: "fleetway.dev/no-such-image:1"}
        """
            .formatted(RUN, SmallFleet.BUNDLE));

    await("the kubelet's reason in the Ready condition")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              JsonNode ready = ready(place, RUN);
              assertThat(ready.path("reason").asText()).isEqualTo("ImagePullFailed");
              assertThat(ready.path("status").asText()).isEqualTo("False");
              assertThat(ready.path("message").asText())
                  .contains("fleetway.dev/no-such-image:1")
                  .contains("pull");
            });
    assertThat(place.list("tenants", ""))
        .hasSize(2)
        .allMatch(tenant -> tenant.at("/status/lastRun").isMissingNode());

    place.mergePatch(KIND, RUN, "{\"spec\":{\"abort\":true}}");
    assertThat(place.awaitCondition(KIND, RUN, "Finished", Duration.ofSeconds(90))).isTrue();
    assertThat(phase(place)).isEqualTo("Aborted");

    place.mergePatch(
        KIND, RUN, "{\"spec\":{\"attempt\":2,\"abort\":false,\"runner\":{\"image\":null}}}");
    assertThat(place.awaitCondition(KIND, RUN, "Succeeded", Duration.ofMinutes(2))).isTrue();
    assertThat(phase(place)).isEqualTo("Succeeded");
  }

  private static String phase(KubectlPlace place) {
    return place.get(KIND, RUN).orElseThrow().at("/status/phase").asText();
  }

  private static JsonNode ready(KubectlPlace place, String run) {
    JsonNode conditions = place.get(KIND, run).orElseThrow().at("/status/conditions");
    return StreamSupport.stream(conditions.spliterator(), false)
        .filter(condition -> condition.path("type").asText().equals("Ready"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no Ready condition yet"));
  }
}
