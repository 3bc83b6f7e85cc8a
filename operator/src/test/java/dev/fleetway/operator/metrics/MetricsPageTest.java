package dev.fleetway.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md}, the alerts and the dashboard know the same names. */
class MetricsPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve("docs/metrics.md");
  private static final Path ALERTS = ROOT.resolve("helm/fleetway/files/alerts.yaml");
  private static final Path DASHBOARD = ROOT.resolve("helm/fleetway/dashboards/fleetway.json");
  private static final String REGENERATE =
      "./mvnw -pl operator test -Dtest=MetricsPageTest -Dfleetway.regenerate=true";
  private static final Pattern GENERATED =
      Pattern.compile(
          "(?s)(?<=<!-- generated from FleetMetric by "
              + Pattern.quote(REGENERATE)
              + ": begin -->\n).*?(?=<!-- end -->)");
  private static final Pattern NAME =
      Pattern.compile("\\b(?:fleetway|operator_sdk|jvm|process|system)_\\w+");
  private static final Pattern OF_A_HISTOGRAM = Pattern.compile("_(bucket|sum|count|max)$");

  @Test
  void thePageListsEveryMetricOfFleetway() throws IOException {
    String page = Files.readString(PAGE);
    String current = GENERATED.matcher(page).replaceFirst(table().replace("$", "\\$"));
    if (Boolean.getBoolean("fleetway.regenerate")) {
      Files.writeString(PAGE, current);
      return;
    }
    assertThat(page).as("docs/metrics.md is stale: run %s", REGENERATE).isEqualTo(current);
  }

  @Test
  void alertsAndDashboardAskForDocumentedMetricsOnly() throws IOException {
    String page = Files.readString(PAGE);
    Set<String> asked = names(Files.readString(ALERTS));
    asked.addAll(names(Files.readString(DASHBOARD)));

    assertThat(asked)
        .hasSizeGreaterThan(20)
        .allMatch(name -> page.contains("`" + name + "`") || isOfProcess(name));
  }

  @Test
  void everyAlertHasASectionAndLinksToIt() throws IOException {
    List<String> alerts = found(Files.readString(ALERTS), "(?m)^ +- alert: (\\w+)$");
    List<String> links = found(Files.readString(ALERTS), "runbook_url: docs/metrics.md#(\\w+)");

    assertThat(alerts)
        .hasSize(8)
        .containsExactlyInAnyOrderElementsOf(
            found(Files.readString(PAGE), "(?m)^### (Fleetway\\w+)$"));
    assertThat(links)
        .isEqualTo(alerts.stream().map(alert -> alert.toLowerCase(Locale.ROOT)).toList());
  }

  private static boolean isOfProcess(String name) {
    return name.matches("(jvm|process|system)_\\w+");
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(match -> match.group())
        .map(name -> name.endsWith("_total") ? name : OF_A_HISTOGRAM.matcher(name).replaceFirst(""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String table() {
    return "\n| name | type | labels | meaning |\n|---|---|---|---|\n"
        + Arrays.stream(FleetMetric.values())
            .map(
                metric ->
                    "| `%s` | %s | %s | %s |\n"
                        .formatted(
                            metric.exposedName(),
                            metric.exposedType(),
                            metric.labels().stream()
                                .map(label -> "`" + label + "`")
                                .collect(Collectors.joining(", ")),
                            metric.meaning()))
            .collect(Collectors.joining())
        + "\n";
  }
}
