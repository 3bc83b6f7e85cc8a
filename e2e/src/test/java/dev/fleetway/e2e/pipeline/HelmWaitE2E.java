package dev.fleetway.e2e.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.e2e.cluster.SmallFleet;
import dev.fleetway.e2e.tool.Command;
import dev.fleetway.e2e.tool.SourceTree;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Helm's {@code --wait}, which judges by kstatus as Flux does, on the chart of docs/gitops.md. */
@TestMethodOrder(OrderAnnotation.class)
class HelmWaitE2E {
  private static final String KIND = "tenantmigrationruns";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(2, List.of(2), 1, 0));

  private static List<String> databases;

  @Test
  @Order(1)
  void aReleaseWaitsUntilTheRunHasSucceeded() throws IOException {
    databases = SmallFleet.in(CLUSTER.place());
    String command =
        Files.readString(SourceTree.file("docs/gitops.md"))
            .lines()
            .filter(line -> line.startsWith("$ helm install "))
            .findFirst()
            .orElseThrow();

    Command.Result result =
        helm(
            command
                .substring("$ helm ".length())
                .replace("docs/gitops/chart", SourceTree.file("docs/gitops/chart").toString())
                .split(" ", -1));

    assertThat(result.succeeded()).as(result.errors()).isTrue();
    assertThat(run("v105").at("/status/phase").asText()).isEqualTo("Succeeded");
    assertThat(versions()).isEqualTo(List.of("105", "105"));
  }

  @Test
  @Order(2)
  void aReleaseFailsWithTheMessageOfARunThatAborts() {
    Command.Result result =
        helm(
            "install",
            "acme-106",
            SourceTree.file("docs/gitops/chart").toString(),
            "--set-string",
            "release=106",
            "--set-string",
            "scripts.V106__broken\\.sql=SELECT 1/0",
            "--wait",
            "--timeout",
            "3m");

    assertThat(run("v106").at("/status/phase").asText()).isEqualTo("Aborted");
    assertThat(result.succeeded()).isFalse();
    assertThat(result.errors()).contains("v106", "of 1 tenants failed");
    assertThat(versions()).isEqualTo(List.of("105", "105"));
  }

  @Test
  @Order(3)
  void theOperatorsPodTellsPrometheusOfBothRuns() {
    String namespace = CLUSTER.place().namespace();
    String pod =
        CLUSTER
            .place()
            .list("pods", "app.kubernetes.io/name=fleetway-operator")
            .get(0)
            .at("/metadata/name")
            .asText();

    String told =
        CLUSTER
            .kubectl()
            .run(
                "get",
                "--raw",
                "/api/v1/namespaces/%s/pods/%s:8081/proxy/metrics".formatted(namespace, pod));

    assertThat(told)
        .contains("\nfleetway_leader 1.0\n")
        .contains("phase=\"Succeeded\",run=\"v105\"")
        .contains("reason=\"AbortRateExceeded\",run=\"v106\"")
        .contains("\njvm_memory_used_bytes{");
  }

  private static Command.Result helm(String... arguments) {
    List<String> command = new ArrayList<>(Arrays.asList(arguments));
    command.addAll(List.of("--namespace", CLUSTER.place().namespace()));
    return CLUSTER.kubectl().tryHelm(PATIENCE, command.toArray(String[]::new));
  }

  private static JsonNode run(String name) {
    return CLUSTER.place().get(KIND, name).orElseThrow();
  }

  private static List<String> versions() {
    return databases.stream()
        .map(
            database ->
                CLUSTER
                    .place()
                    .query(database, "SELECT max(version) FROM flyway_schema_history WHERE success")
                    .get(0)
                    .get(0))
        .toList();
  }
}
