package dev.fleetway.sandbox.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.api.testing.MarkdownPage;
import dev.fleetway.api.testing.MarkdownPage.Fence;
import dev.fleetway.sandbox.fleet.Bundle;
import dev.fleetway.sandbox.fleet.RunManifest;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Walks through {@code docs/wrong-migration.md}: applies its manifests in their order, runs its
 * patches, and finds what it shows.
 */
class WrongMigrationIT extends FleetOnSandbox {
  private static final List<String> TENANTS = List.of("acme", "globex", "initech", "umbrella");
  private static final List<String> COLUMNS =
      List.of(
          "/metadata/name",
          "/status/phase",
          "/status/headVersion",
          "/status/cohortProgress",
          "/status/totals/done",
          "/status/totals/failed",
          "/status/totals/tenants",
          "/status/abortCount");
  private static final String ROWS =
      """
      INSERT INTO customers VALUES (1, 'ada@example.test', 'DE'), (2, 'bob@example.test', 'GB');
      """;
  private static final String SAME_ADDRESS_IN_TWO_COUNTRIES =
      "INSERT INTO customers VALUES (3, 'ada@example.test', 'GB')";
  private static final String VERSIONS =
      "SELECT version FROM flyway_schema_history ORDER BY installed_rank";

  private final MarkdownPage page =
      MarkdownPage.of(Path.of(System.getProperty("fleetway.home"), "docs", "wrong-migration.md"));

  WrongMigrationIT() {
    super(TENANTS);
  }

  @Test
  void aNewVersionOnTopCorrectsWhatAScriptDidWrong() {
    Iterator<String> manifests = manifests("A: a new version on top");
    beginAt104("wrong-migration-a");

    place().apply(manifests.next());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ready("v105")).isEqualTo("WaitingForStagger"));
    place().mergePatch("tenantmigrationruns", "v105", patchOfPage("v105"));
    assertShown(finished("v105"));
    assertThat(ready("v105")).isEqualTo("AbortedByUser");

    place().apply(manifests.next());
    assertShown(finished("v106"));

    assertThat(manifests).isExhausted();
    assertThat(everywhere(VERSIONS)).containsOnly(rows("104", "105", "106"));
    assertThat(everywhere("SELECT currency FROM customers ORDER BY id"))
        .containsOnly(rows("EUR", "GBP"));
    assertThat(tenant("acme").at("/status/lastRun/fromVersion").asText()).isEqualTo("105");
    assertThat(tenant("globex").at("/status/lastRun/fromVersion").asText()).isEqualTo("104");
  }

  @Test
  void aCorrectedScriptIsAcceptedWhereTheOldOneRan() {
    Iterator<String> manifests = manifests("B: correct the script");
    beginAt104("wrong-migration-b");
    place().execute("globex", SAME_ADDRESS_IN_TWO_COUNTRIES);

    place().apply(manifests.next());
    JsonNode aborted = finished("v105");
    assertShown(aborted);
    assertShown(aborted.at("/status/failures/0/message").asText());
    assertThat(ready("v105")).isEqualTo("AbortRateExceeded");

    place().apply(manifests.next());
    assertShown(finished("p106"));
    assertThat(ready("p106")).isEqualTo("PlanFoundProblems");
    JsonNode problem = tenant("acme").at("/status/lastPlan/problems/0");
    assertThat(problem.path("reason").asText()).isEqualTo("ChecksumMismatch");
    assertShown(problem.path("message").asText());

    place().apply(manifests.next());
    assertShown(finished("v106"));
    assertThat(manifests).isExhausted();
    assertThat(everywhere(VERSIONS)).containsOnly(rows("104", "105", "106"));
    assertThat(
            everywhere(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'u'"
                    + " AND conrelid = 'customers'::regclass"))
        .containsOnly(rows("UNIQUE (email, country)"));
    assertShown(tenant("acme").at("/status/lastRun/realigned").toString());
    assertThat(TENANTS.subList(1, 4))
        .allSatisfy(name -> assertThat(tenant(name).at("/status/lastRun/realigned")).isEmpty());
  }

  /** The fleet as the page finds it: four tenants with rows at version 104. */
  private void beginAt104(String name) {
    begin(name);
    Map<String, String> first =
        Map.of(
            "V104__customers.sql",
            "CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL, country text NOT"
                + " NULL);\n");
    place()
        .apply(
            Serialization.asYaml(
                new Bundle(new TreeMap<>(first)).toConfigMap(place().namespace(), "crm-104")));
    place()
        .apply(
            new RunManifest(place().namespace(), "v104", "crm-104", null, List.of(100)).toYaml());
    assertThat(finished("v104").at("/status/phase").asText()).isEqualTo("Succeeded");
    place().executeAll(TENANTS, ROWS);
  }

  private Iterator<String> manifests(String section) {
    return page.fences().stream()
        .filter(fence -> fence.section().equals(section) && fence.language().equals("yaml"))
        .map(Fence::content)
        .toList()
        .iterator();
  }

  private String patchOfPage(String run) {
    Matcher patch =
        Pattern.compile("kubectl patch tmr " + run + " --type merge -p '([^']+)'")
            .matcher(page.text());
    assertThat(patch.find()).isTrue();
    return patch.group(1);
  }

  private String ready(String run) {
    for (JsonNode condition : run(run).at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("reason").asText();
      }
    }
    return "";
  }

  /** The run's line of {@code kubectl get tmr}, but for its age. */
  private void assertShown(JsonNode run) {
    assertShown(
        COLUMNS.stream().map(column -> run.at(column).asText()).collect(Collectors.joining(" ")));
  }

  private void assertShown(String text) {
    assertThat(page.text()).contains(text);
  }

  private List<List<List<String>>> everywhere(String sql) {
    return place().queryAll(TENANTS, sql);
  }

  private static List<List<String>> rows(String... values) {
    return Stream.of(values).map(List::of).toList();
  }
}
