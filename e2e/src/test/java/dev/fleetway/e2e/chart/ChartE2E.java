package dev.fleetway.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.e2e.cluster.Kubectl;
import dev.fleetway.e2e.cluster.KubectlPlace;
import dev.fleetway.e2e.cluster.SmallFleet;
import dev.fleetway.e2e.tool.Command;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as helm and the API server see it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChartE2E {
  private static final Duration SHORT = Duration.ofMinutes(1);

  /** How the commands of the pages begin that are played here. */
  static final List<String> PLAYED =
      List.of(
          "helm test",
          "helm upgrade",
          "helm rollback fleetway -n",
          "helm rollback fleetway 2",
          "helm history",
          "helm uninstall",
          "kubectl -n fleetway create rolebinding",
          "kubectl -n fleetway patch tmr v112 --type merge -p '{\"spec\"",
          "kubectl -n fleetway patch tmr v112 --type merge -p '{\"metadata\"",
          "kubectl -n fleetway wait",
          "kubectl delete crd");

  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(2, List.of(1), 1, 0));

  @ParameterizedTest
  @ValueSource(strings = {"fleetway-operator", "fleetway-runner"})
  void keepsSecretsFromBothServiceAccounts(String account) {
    for (String verb : List.of("get", "list", "watch", "create", "patch", "delete")) {
      assertThat(may(account, verb, "secrets")).as("%s secrets", verb).isEqualTo("no");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "get, tenants, yes",
    "patch, tenants/status, yes",
    "list, tenants, no",
    "patch, tenants, no",
    "get, tenantmigrationruns, no",
    "get, configmaps, no",
    "get, pods, no"
  })
  void letsTheRunnerReadTenantsAndWriteTheirStatusOnly(String verb, String resource, String may) {
    assertThat(may("fleetway-runner", verb, resource)).isEqualTo(may);
  }

  @Test
  void keepsTheCrdsWhenTheReleaseGoes() {
    JsonNode crd = CLUSTER.kubectl().json("get", "crd", "tenants.fleetway.dev", "-o", "json");

    assertThat(crd.at("/metadata/annotations").path("helm.sh/resource-policy").asText())
        .isEqualTo("keep");
  }

  @ParameterizedTest
  @CsvSource({
    // person, verb, resource, may
    "fleetway-viewer, list, tenantmigrationruns, yes",
    "fleetway-viewer, get, tenants, yes",
    "fleetway-viewer, patch, tenantmigrationruns, no",
    "fleetway-on-call, patch, tenantmigrationruns, yes",
    "fleetway-on-call, get, pods/log, yes",
    "fleetway-on-call, create, tenantmigrationruns, no",
    "fleetway-on-call, delete, tenantmigrationruns, no",
    "fleetway-on-call, patch, tenantmigrationruns/status, no",
    "fleetway-on-call, patch, tenants, no",
    "fleetway-on-call, get, secrets, no",
    "fleetway-releaser, create, tenantmigrationruns, yes",
    "fleetway-releaser, create, tenants, no",
    "fleetway-tenant-admin, create, tenants, yes",
    "fleetway-tenant-admin, patch, tenants/status, no",
    "fleetway-tenant-admin, patch, tenantmigrationruns, no",
    "view, list, tenants, yes",
    "view, create, tenantmigrationruns, no",
    "edit, create, tenantmigrationruns, yes",
    "edit, delete, tenants, yes",
    "edit, patch, tenants/status, no",
  })
  void grantsPeopleWhatTheirRoleSays(String role, String verb, String resource, String may) {
    String namespace = CLUSTER.place().namespace();
    CLUSTER
        .place()
        .apply(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: person-%s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: person-%s}]
            """
                .formatted(role, role, role));

    assertThat(mayAs("person-" + role, namespace, verb, resource)).isEqualTo(may);
  }

  @Test
  void everyScenarioRunsUnderTheRestrictedProfile() {
    Command.Result result =
        CLUSTER
            .kubectl()
            .tryRun(
                SHORT,
                "-n",
                CLUSTER.place().namespace(),
                "run",
                "careless",
                "--image=any",
                "--dry-run=server");

    assertThat(result.succeeded()).isFalse();
    assertThat(result.errors()).contains("violates PodSecurity \"restricted");
  }

  @Test
  void passesItsOwnTestAndLeavesNothingOfItBehind() {
    play("helm test", "--timeout=4m");

    assertThat(CLUSTER.place().get("tmr", "fleetway-test")).isEmpty();
    assertThat(CLUSTER.place().get("tenants", "fleetway-test")).isEmpty();
    assertThat(CLUSTER.place().get("deployments", "fleetway-test")).isEmpty();
  }

  /** Last: there is no operator afterwards. */
  @Test
  @Order(Integer.MAX_VALUE)
  void isUpgradedDuringARunAndUninstalledAfterItOnly() {
    KubectlPlace place = CLUSTER.place();
    List<String> databases = SmallFleet.in(place);
    place.apply(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: v112}
        spec:
          migrations: {configMapRefs: [{name: %s}]}
          rollout: {cohortSizes: [1], stagger: 1h}
        """
            .formatted(SmallFleet.BUNDLE));
    await("the pause after the first cohort")
        .atMost(Duration.ofMinutes(2))
        .until(() -> !run(place).at("/status/nextCohortTime").isMissingNode());
    suspendTwice(place);

    play("helm upgrade", "--set", "operator.podAnnotations.e2e=upgraded");

    List<String> uninstall = PageCommands.starting("helm uninstall", place.namespace());
    Command.Result refusal =
        CLUSTER
            .kubectl()
            .tryHelm(
                Duration.ofMinutes(3),
                uninstall.subList(1, uninstall.size()).toArray(new String[0]));
    assertThat(refusal.succeeded()).isFalse();
    assertThat(refusal.output() + refusal.errors())
        .contains(place.namespace() + "/v112 is Running")
        .contains("Nothing was removed");
    // after the installation and the upgrade there are two
    play("helm history");
    play("helm rollback fleetway 2");

    play("kubectl -n fleetway patch tmr v112 --type merge -p '{\"spec\"");
    play("kubectl -n fleetway wait");
    place.mergePatch(
        "tmr",
        "v112",
        "{\"spec\":{\"abort\":false,\"attempt\":2,\"rollout\":{\"stagger\":\"0s\"}}}");
    assertThat(place.awaitCondition("tmr", "v112", "Succeeded", Duration.ofMinutes(2))).isTrue();

    assertThat(readLogs(place)).first().asString().contains("AllTenantsCurrent");

    play("helm rollback fleetway -n");
    play("helm uninstall");

    assertThat(place.list("deployments", "app.kubernetes.io/part-of=fleetway")).isEmpty();
    assertThat(run(place).at("/status/phase").asText()).isEqualTo("Succeeded");
    assertThat(run(place).at("/metadata/finalizers").isMissingNode()).isTrue();
    assertThat(place.list("tenants", "")).hasSize(databases.size());
    for (String database : databases) {
      assertThat(
              place.query(database, "SELECT max(version) FROM flyway_schema_history WHERE success"))
          .isEqualTo(List.of(List.of("112")));
    }
    play("kubectl -n fleetway patch tmr v112 --type merge -p '{\"metadata\"");
    // the scenarios that follow still need them
    play("kubectl delete crd", "--dry-run=server");
  }

  @Test
  void bindsARoleAsThePageTells() {
    play("kubectl -n fleetway create rolebinding");

    assertThat(
            CLUSTER
                .kubectl()
                .tryRun(
                    SHORT,
                    "-n",
                    CLUSTER.place().namespace(),
                    "auth",
                    "can-i",
                    "patch",
                    "tenantmigrationruns",
                    "--as=somebody",
                    "--as-group=on-call")
                .output()
                .strip())
        .isEqualTo("yes");
  }

  /** Plays a command of the pages as it is written there, in this scenario's namespace. */
  private static void play(String start, String... more) {
    List<String> words = new ArrayList<>(PageCommands.starting(start, CLUSTER.place().namespace()));
    String program = words.remove(0);
    words.addAll(List.of(more));
    if (program.equals("helm")) {
      CLUSTER.kubectl().helm(Duration.ofMinutes(5), words);
    } else {
      CLUSTER.kubectl().run(words.toArray(new String[0]));
    }
  }

  /** What comes back is counted on the event that is there, by the rights of the chart. */
  private static void suspendTwice(KubectlPlace place) {
    for (int time = 1; time <= 2; time++) {
      steer(place, true, "SuspendedByUser");
      steer(place, false, "WaitingForStagger");
    }
    assertThat(place.list("events", ""))
        .filteredOn(event -> event.path("reason").asText().equals("SuspendedByUser"))
        .singleElement()
        .extracting(event -> event.path("count").asInt())
        .isEqualTo(2);
  }

  private static void steer(KubectlPlace place, boolean suspend, String reason) {
    place.mergePatch("tmr", "v112", "{\"spec\":{\"suspend\":" + suspend + "}}");
    await(reason)
        .atMost(Duration.ofMinutes(1))
        .until(() -> run(place).at("/status/conditions/0/reason").asText().equals(reason));
  }

  /** By the commands of docs/logs.md. */
  private static List<String> readLogs(KubectlPlace place) {
    Command shell = new Command(Map.of("KUBECONFIG", System.getenv(Kubectl.KUBECONFIG_VARIABLE)));
    return PageCommands.of("docs/logs.md").stream()
        .map(command -> command.replace("kubectl ", "kubectl -n " + place.namespace() + " "))
        .map(command -> shell.run(SHORT, "", List.of("bash", "-o", "pipefail", "-c", command)))
        .toList();
  }

  private static JsonNode run(KubectlPlace place) {
    return place.get("tmr", "v112").orElseThrow();
  }

  private static String may(String account, String verb, String resource) {
    String namespace = CLUSTER.place().namespace();
    return mayAs("system:serviceaccount:" + namespace + ":" + account, namespace, verb, resource);
  }

  private static String mayAs(String user, String namespace, String verb, String resource) {
    String[] parts = resource.split("/", -1);
    List<String> question =
        List.of(
            "-n",
            namespace,
            "auth",
            "can-i",
            verb,
            parts[0],
            "--subresource=" + (parts.length > 1 ? parts[1] : ""),
            "--as=" + user);
    return CLUSTER.kubectl().tryRun(SHORT, question.toArray(new String[0])).output().strip();
  }
}
