package dev.fleetway.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.tool.Command;
import dev.fleetway.e2e.tool.Helm;
import dev.fleetway.e2e.tool.SourceTree;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chart brings for Prometheus and Grafana. */
@ExtendWith(Helm.Gate.class)
class ChartMetricsIT {

  @Test
  void aPortAndAServiceAreThereUnlessTheyAreTurnedOff() {
    assertThat(pieces())
        .singleElement()
        .asString()
        .contains("kind: Service\n", "clusterIP: None", "port: 8081");
    assertThat(pieces("--set", "metrics.enabled=false")).isEmpty();
    assertThat(Helm.template("--set", "metrics.enabled=false").output())
        .containsSubsequence("- name: FLEETWAY_METRICS_PORT", "value: \"0\"");
  }

  @Test
  void everyAlertOfTheFileArrivesButThoseThatAreLeftOut() {
    JsonNode rules =
        piece("PrometheusRule", "metrics.prometheusRule.enabled=true").at("/spec/groups/0/rules");
    assertThat(rules.findValuesAsText("alert")).hasSize(8);

    JsonNode chosen =
        piece(
                "PrometheusRule",
                "metrics.prometheusRule.enabled=true",
                "metrics.prometheusRule.disabled={FleetwayCohortSlow}",
                "metrics.prometheusRule.alertLabels.team=platform",
                "metrics.prometheusRule.runbookBase=https://docs.example.com/fleetway/")
            .at("/spec/groups/0/rules");
    assertThat(chosen.findValuesAsText("alert")).hasSize(7).doesNotContain("FleetwayCohortSlow");
    assertThat(chosen.findValuesAsText("team")).hasSize(7).containsOnly("platform");
    assertThat(chosen.findValuesAsText("runbook_url"))
        .hasSize(7)
        .allMatch(url -> url.startsWith("https://docs.example.com/fleetway/docs/metrics.md#"));
  }

  @Test
  void theLabelsOfTheFleetAreHonoured() {
    assertThat(
            piece("ServiceMonitor", "metrics.serviceMonitor.enabled=true")
                .at("/spec/endpoints/0/honorLabels")
                .asBoolean())
        .isTrue();
  }

  @Test
  void theDashboardArrivesAsItIs() throws IOException {
    JsonNode map = piece("ConfigMap", "metrics.dashboard.enabled=true");

    assertThat(map.at("/metadata/labels").path("grafana_dashboard").asText()).isEqualTo("1");
    assertThat(map.at("/data").path("fleetway.json").asText().strip())
        .isEqualTo(
            Files.readString(SourceTree.file("helm/fleetway/dashboards/fleetway.json")).strip());
  }

  @Test
  void theValuesOfThePageAreAccepted(@TempDir Path directory) throws IOException {
    Matcher block =
        Pattern.compile("(?s)```yml\n(metrics:.*?)```")
            .matcher(Files.readString(SourceTree.file("docs/metrics.md")));
    assertThat(block.find()).isTrue();
    Path values = Files.writeString(directory.resolve("values.yaml"), block.group(1));

    assertThat(String.join("", pieces("-f", values.toString())))
        .contains("kind: ServiceMonitor", "kind: PrometheusRule", "kind: NetworkPolicy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "metrics.port=8080|is the port of the probes",
        "metrics.serviceMonitor.enable=true|'enable' not allowed",
        "metrics.from[0].cidr=10.0.0.0/8|'cidr' not allowed"
      })
  void refusesValuesThatMeanNothing(String values, String complaint) {
    Command.Result result = Helm.template("--set", values);

    assertThat(result.succeeded()).as(result.output()).isFalse();
    assertThat(result.errors()).contains(complaint);
  }

  private static JsonNode piece(String kind, String... values) {
    return pieces("--set", String.join(",", values)).stream()
        .filter(document -> document.contains("\nkind: " + kind + "\n"))
        .map(document -> Serialization.unmarshal(document, JsonNode.class))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind));
  }

  /** What the chart's template for metrics makes. */
  private static List<String> pieces(String... arguments) {
    Command.Result result = Helm.template(arguments);
    assertThat(result.errors()).isEmpty();
    return Arrays.stream(result.output().split("(?m)^---$", -1))
        .filter(document -> document.contains("# Source: fleetway/templates/metrics.yaml"))
        .toList();
  }
}
