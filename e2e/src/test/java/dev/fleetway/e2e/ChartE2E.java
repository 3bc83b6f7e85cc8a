package dev.fleetway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as helm and the API server see it. */
class ChartE2E {
  private static final String CHART = SourceTree.file("helm/fleetway").toString();
  private static final Duration SHORT = Duration.ofMinutes(1);

  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(0, List.of(1), 1, 0));

  @Test
  void passesHelmsStrictLint() {
    Command.Result result = CLUSTER.kubectl().tryHelm(SHORT, "lint", "--strict", CHART);

    assertThat(result.succeeded()).as(result.output() + result.errors()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "operator.replica=2|'replica' not allowed",
        "watchNamespace=team-a|'watchNamespace' not allowed",
        "operator.leaderElection=sometimes|got string, want boolean",
        "runner.image.digest=sha256:short|does not match pattern",
        "watchAllNamespaces=true,watchNamespaces={a}|exclude each other",
        "operator.replicas=2,operator.leaderElection=false|needs operator.leaderElection",
        "runner.namespaces={a}|for watchAllNamespaces only"
      })
  void refusesValuesThatMeanNothing(String values, String complaint) {
    Command.Result result =
        CLUSTER.kubectl().tryHelm(SHORT, "template", "fleetway", CHART, "--set", values);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.errors()).contains(complaint);
  }

  @Test
  void watchesEveryNamespaceOnDemandAndPlacesRunnersWhereToldTo() {
    Command.Result result =
        CLUSTER
            .kubectl()
            .tryHelm(
                SHORT,
                "template",
                "fleetway",
                CHART,
                "--set",
                "watchAllNamespaces=true,runner.namespaces={team-a,team-b}");

    assertThat(result.errors()).isEmpty();
    assertThat(result.output())
        .contains("kind: ClusterRole\n")
        .containsSubsequence(
            "name: fleetway-runner\n  namespace: team-a",
            "name: fleetway-runner\n  namespace: team-b")
        .containsSubsequence("- name: FLEETWAY_NAMESPACES", "value: \"\"");
  }

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

  private static String may(String account, String verb, String resource) {
    String namespace = CLUSTER.place().namespace();
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
            "--as=system:serviceaccount:" + namespace + ":" + account);
    return CLUSTER.kubectl().tryRun(SHORT, question.toArray(new String[0])).output().strip();
  }
}
