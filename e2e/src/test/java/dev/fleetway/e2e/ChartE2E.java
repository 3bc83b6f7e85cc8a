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
  private static final Duration SHORT = Duration.ofMinutes(1);

  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(0, List.of(1), 1, 0));

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
