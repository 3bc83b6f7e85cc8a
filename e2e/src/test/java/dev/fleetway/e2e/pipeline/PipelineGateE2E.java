package dev.fleetway.e2e.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.e2e.cluster.KubectlPlace;
import dev.fleetway.e2e.cluster.SmallFleet;
import dev.fleetway.e2e.tool.SourceTree;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A pipeline's gate: a Job with the command line's image waits for a run, and its exit code is the
 * answer. And the guard of an application at boot: an init container of the same image. Both may
 * read what they need and nothing else.
 */
@TestMethodOrder(OrderAnnotation.class)
class PipelineGateE2E {
  private static final String IMAGE = "fleetway.dev/fleetway-cli:" + SourceTree.version();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(3, List.of(3), 1, 0));

  @Test
  @Order(1)
  void opensForARunThatSucceedsAndShutsForOneThatIsAborted() {
    KubectlPlace place = CLUSTER.place();
    SmallFleet.in(place);
    place.apply(permissions());
    place.apply(gate("good"));
    place.apply(gate("bad"));
    place.apply(run("good", SmallFleet.BUNDLE));
    place.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: broken}
        data: {W1__no_script.sql: SELECT 1}
        """);
    place.apply(run("bad", "broken"));

    assertThat(exitCode(place, "good")).isZero();
    assertThat(log(place, "good")).contains("good Succeeded").contains("3 of 3 tenants done");
    assertThat(exitCode(place, "bad")).isEqualTo(2);
    assertThat(log(place, "bad")).contains("bad Aborted").contains("InvalidBundle");
  }

  /** The run of the test before has raised the floor of every tenant to 2.14.0. */
  @Test
  @Order(2)
  void aPodOfCodeThatIsTooOldDoesNotStart() {
    KubectlPlace place = CLUSTER.place();
    place.apply(application("old", "2.13.9"));
    place.apply(application("new", "2.14.0"));

    assertThat(ended(place, "old")).isEqualTo("Failed");
    JsonNode old = place.get("pods", "old").orElseThrow();
    assertThat(old.at("/status/initContainerStatuses/0/state/terminated/exitCode").asInt())
        .isEqualTo(1);
    assertThat(old.at("/status/containerStatuses/0/state/waiting/reason").asText())
        .isEqualTo("PodInitializing");
    assertThat(CLUSTER.kubectl().run("-n", place.namespace(), "logs", "old", "-c", "code-version"))
        .contains("no: 2.13.9 is too old for 3 of 3 sampled tenants");
    assertThat(ended(place, "new")).isEqualTo("Succeeded");
  }

  private static String ended(KubectlPlace place, String pod) {
    return await("pod " + pod)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> place.get("pods", pod).orElseThrow().at("/status/phase").asText(),
            phase -> phase.equals("Failed") || phase.equals("Succeeded"));
  }

  /** As docs/security.md has it; the application itself is played by a command that ends. */
  private static String application(String name, String version) {
    return """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: shop}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: code-version-check}
        rules:
        - {apiGroups: [fleetway.dev], resources: [tenants], verbs: [get, list]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: code-version-check}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: code-version-check}
        subjects: [{kind: ServiceAccount, name: shop}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s}
        spec:
          restartPolicy: Never
          serviceAccountName: shop
          securityContext:
            runAsNonRoot: true
            seccompProfile: {type: RuntimeDefault}
          initContainers:
          - name: code-version
            image: %3$s
            args: [check-code-version, --code-version, %2$s]
            securityContext:
              allowPrivilegeEscalation: false
              capabilities: {drop: [ALL]}
          containers:
          - name: shop
            image: %3$s
            args: [version]
            securityContext:
              allowPrivilegeEscalation: false
              capabilities: {drop: [ALL]}
        """
        .formatted(name, version, IMAGE);
  }

  /** The gate starts before its run is there, as in a pipeline that only pushes to Git. */
  private static String gate(String run) {
    return """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: gate-%1$s}
        spec:
          backoffLimit: 0
          template:
            metadata: {labels: {gate: %1$s}}
            spec:
              restartPolicy: Never
              serviceAccountName: gate
              securityContext:
                runAsNonRoot: true
                seccompProfile: {type: RuntimeDefault}
              containers:
              - name: gate
                image: %2$s
                args: [wait, %1$s, --appear, 1m, --timeout, 2m]
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities: {drop: [ALL]}
                resources:
                  limits: {memory: 192Mi}
        """
        .formatted(run, IMAGE);
  }

  private static String permissions() {
    return """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: gate}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: gate}
        rules:
        - apiGroups: [fleetway.dev]
          resources: [tenantmigrationruns]
          verbs: [get]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: gate}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: gate}
        subjects: [{kind: ServiceAccount, name: gate}]
        """;
  }

  private static String run(String name, String bundle) {
    return """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: %s}
        spec:
          migrations: {configMapRefs: [{name: %s}]}
        """
        .formatted(name, bundle);
  }

  private static int exitCode(KubectlPlace place, String run) {
    return await("the gate of " + run)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> terminated(place, run), ended -> !ended.isMissingNode())
        .path("exitCode")
        .asInt();
  }

  private static JsonNode terminated(KubectlPlace place, String run) {
    return place.list("pods", "gate=" + run).stream()
        .map(pod -> pod.at("/status/containerStatuses/0/state/terminated"))
        .filter(ended -> !ended.isMissingNode())
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static String log(KubectlPlace place, String run) {
    return CLUSTER.kubectl().run("-n", place.namespace(), "logs", "job/gate-" + run);
  }
}
