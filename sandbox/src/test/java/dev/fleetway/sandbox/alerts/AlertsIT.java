package dev.fleetway.sandbox.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int NO_PROMTOOL = 3;
  private static final long PATIENCE_SECONDS = 180;

  @TempDir private static Path directory;

  private record Answer(int code, String output) {}

  @BeforeAll
  static void findPromtool() throws IOException, InterruptedException {
    Answer version = promtool("--version");
    if ("true".equals(System.getenv("CI"))) {
      assertThat(version.code()).as("with CI=true this must not be skipped: %s", version).isZero();
    }
    Assumptions.assumeTrue(version.code() != NO_PROMTOOL, version.output());
  }

  @Test
  void theAlertsFireWhenTheyShouldAndOnlyThen() throws IOException, InterruptedException {
    Answer answer = promtool("test", "rules", ROOT.resolve("helm/tests/alerts.yaml").toString());

    assertThat(answer.code()).as(answer.output()).isZero();
    assertThat(answer.output()).contains("SUCCESS");
  }

  @Test
  void everyAlertHasAHistoryInWhichItFires() throws IOException {
    assertThat(histories())
        .containsAll(alerts().stream().map(alert -> alert.path("alert").asText()).toList());
  }

  @Test
  void aHistoryThatExpectsAnotherAlertFails() throws IOException, InterruptedException {
    Path wrong = directory.resolve("wrong.yaml");
    Files.writeString(
        wrong,
        Files.readString(ROOT.resolve("helm/tests/alerts.yaml"))
            .replace("../fleetway/files", ROOT.resolve("helm/fleetway/files").toString())
            .replace("run: v2, reason: AbortRateExceeded", "run: v2, reason: AbortedByUser"));

    assertThat(promtool("test", "rules", wrong.toString()).code()).isNotZero();
  }

  @Test
  void prometheusCanReadEveryQueryOfTheDashboard() throws IOException, InterruptedException {
    List<String> queries =
        new ObjectMapper()
                .readTree(ROOT.resolve("helm/fleetway/dashboards/fleetway.json").toFile())
                .findValuesAsText("expr")
                .stream()
                .map(query -> query.replace("$__rate_interval", "5m"))
                .toList();
    Path rules = directory.resolve("dashboard.yaml");
    Files.writeString(
        rules,
        Serialization.asYaml(
            Map.of(
                "groups",
                List.of(
                    Map.of(
                        "name",
                        "dashboard",
                        "rules",
                        IntStream.range(0, queries.size())
                            .mapToObj(
                                i -> Map.of("record", "panel:query" + i, "expr", queries.get(i)))
                            .collect(Collectors.toList()))))));

    Answer answer = promtool("check", "rules", rules.toString());

    assertThat(queries).hasSizeGreaterThan(15);
    assertThat(answer.code()).as(answer.output()).isZero();
  }

  private static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    yaml("helm/fleetway/files/alerts.yaml")
        .path("groups")
        .forEach(group -> group.path("rules").forEach(alerts::add));
    return alerts;
  }

  /** Names of the alerts that some history expects to fire. */
  private static List<String> histories() throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode test : yaml("helm/tests/alerts.yaml").path("tests")) {
      for (JsonNode expected : test.path("alert_rule_test")) {
        if (!expected.path("exp_alerts").isEmpty()) {
          names.add(expected.path("alertname").asText());
        }
      }
    }
    return names;
  }

  private static JsonNode yaml(String file) throws IOException {
    return Serialization.unmarshal(Files.readString(ROOT.resolve(file)), JsonNode.class);
  }

  private static Answer promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("helm/promtool").toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "promtool", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("promtool does not end: " + command);
    }
    return new Answer(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
