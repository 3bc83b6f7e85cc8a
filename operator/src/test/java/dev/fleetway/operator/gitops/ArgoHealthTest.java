package dev.fleetway.operator.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The health scripts for Argo CD, run over the golden statuses. */
class ArgoHealthTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
  private static final YAMLMapper YAML = new YAMLMapper();

  @Test
  void everyGoldenStatusHasTheHealthThatAPersonWouldSay() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (Path turn : turns()) {
      found.put(
          turn.getFileName().toString(), ArgoHealth.of("TenantMigrationRun", run(turn)).status());
    }

    assertThat(found)
        .isEqualTo(
            Map.ofEntries(
                Map.entry("01-the-plan-is-frozen", "Progressing"),
                Map.entry("02-the-first-cohort-starts", "Progressing"),
                Map.entry("03-a-cohort-closes", "Progressing"),
                Map.entry("04-all-succeed", "Healthy"),
                Map.entry("05-a-cohort-aborts", "Degraded"),
                Map.entry("06-the-failed-tenant-runs-again", "Progressing"),
                Map.entry("07-promotion-is-awaited", "Suspended"),
                Map.entry("08-a-gate-is-set", "Progressing"),
                Map.entry("09-a-gate-is-released", "Progressing"),
                Map.entry("10-suspended", "Suspended"),
                Map.entry("11-waiting-for-a-run", "Progressing"),
                Map.entry("12-an-image-cannot-be-pulled", "Progressing"),
                Map.entry("13-a-pod-is-lost", "Degraded"),
                Map.entry("14-deleted-while-a-job-works", "Progressing"),
                Map.entry("15-a-schema-has-drifted", "Progressing"),
                Map.entry("16-a-plan-run-is-finished", "Degraded")));
  }

  @Test
  void theMessageIsThatOfTheReadyCondition() throws IOException {
    assertThat(ArgoHealth.of("TenantMigrationRun", run(GOLDEN.resolve("04-all-succeed"))).message())
        .startsWith("AllTenantsCurrent: 5 tenants are at 105");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TenantMigrationRun", "Tenant"})
  void aFreshObjectIsProgressing(String kind) throws IOException {
    for (String status :
        List.of("", "status: {}", "status: {observedGeneration: -1}", "status: {conditions: []}")) {
      JsonNode fresh = YAML.readTree("metadata: {name: a, generation: 1}\n" + status);

      assertThat(ArgoHealth.of(kind, fresh).status()).as(status).isEqualTo("Progressing");
    }
  }

  @Test
  void aStatusThatAnswersToAnOlderSpecIsProgressing() throws IOException {
    for (String turn : List.of("04-all-succeed", "05-a-cohort-aborts", "10-suspended")) {
      ObjectNode resumed = run(GOLDEN.resolve(turn));
      ObjectNode metadata = resumed.withObject("metadata");
      metadata.put("generation", metadata.path("generation").asInt() + 1);

      assertThat(ArgoHealth.of("TenantMigrationRun", resumed).status()).isEqualTo("Progressing");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"04-all-succeed", "05-a-cohort-aborts"})
  void aRunThatIsBeingDeletedIsProgressing(String turn) throws IOException {
    ObjectNode deleted = run(GOLDEN.resolve(turn));
    deleted.withObject("metadata").put("deletionTimestamp", "2026-11-21T10:00:00Z");

    assertThat(ArgoHealth.of("TenantMigrationRun", deleted).status()).isEqualTo("Progressing");
  }

  @Test
  void aTenantNeverHoldsBackTheRunThatWouldRepairIt() throws IOException {
    int tenants = 0;
    for (Path turn : turns()) {
      Path file = turn.resolve("in-tenants.yaml");
      if (Files.exists(file)) {
        MappingIterator<JsonNode> documents =
            YAML.readerFor(JsonNode.class).readValues(Files.readString(file));
        for (JsonNode tenant : documents.readAll()) {
          assertThat(ArgoHealth.of("Tenant", tenant).status()).isNotEqualTo("Degraded");
          tenants++;
        }
      }
    }
    assertThat(tenants).isGreaterThan(20);
  }

  @Test
  void aTenantIsHealthyOnceItsAccessIsKnownAndSaysWhatFailed() throws IOException {
    assertThat(tenant("ReadWrite", "True", "AtHead"))
        .isEqualTo(new ArgoHealth("Healthy", "access: ReadWrite"));
    assertThat(tenant("ReadWrite", "False", "LockTimeout"))
        .isEqualTo(new ArgoHealth("Healthy", "LockTimeout: words"));
    assertThat(tenant("None", "True", "AtHead").status()).isEqualTo("Suspended");
  }

  private static ArgoHealth tenant(String access, String ready, String reason) throws IOException {
    return ArgoHealth.of(
        "Tenant",
        YAML.readTree(
            """
            metadata: {name: a, generation: 3}
            status:
              observedGeneration: 3
              access: %s
              conditions: [{type: Ready, status: "%s", reason: %s, message: words}]
            """
                .formatted(access, ready, reason)));
  }

  private static List<Path> turns() throws IOException {
    try (Stream<Path> turns = Files.list(GOLDEN)) {
      return turns.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** The run as the API server has it after the turn. */
  private static ObjectNode run(Path turn) throws IOException {
    ObjectNode run = (ObjectNode) YAML.readTree(turn.resolve("in-run.yaml").toFile());
    run.set("status", YAML.readTree(turn.resolve("out-status.yaml").toFile()).path("status"));
    return run;
  }
}
