package dev.fleetway.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.operator.model.JsonPatch;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the operator does in one turn, situation by situation: each directory holds what is stored
 * and what time it is (in-…), and all that the operator writes then (out-…).
 */
class GoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String HEADER =
      "# Written by GoldenTest from the in-*.yaml beside it. To renew: ./mvnw -pl operator test"
          + " -Dtest=GoldenTest -Dfleetway.regenerate=true\n";

  static List<Path> situations() throws IOException {
    try (Stream<Path> directories = Files.list(GOLDEN)) {
      return directories.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("situations")
  void theOperatorWritesWhatIsExpected(Path situation) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    turn(situation).forEach((file, text) -> expected.put(file, HEADER + text));
    if (Boolean.getBoolean("fleetway.regenerate")) {
      for (String stale : files(situation, "out-")) {
        Files.delete(situation.resolve(stale));
      }
      for (Map.Entry<String, String> file : expected.entrySet()) {
        Files.writeString(situation.resolve(file.getKey()), file.getValue());
      }
    }

    assertThat(files(situation, "out-"))
        .as("what is written; see the README beside the directories")
        .containsExactlyElementsOf(expected.keySet());
    for (Map.Entry<String, String> file : expected.entrySet()) {
      assertThat(situation.resolve(file.getKey())).usingCharset(UTF_8).hasContent(file.getValue());
    }
  }

  private static Map<String, String> turn(Path situation) {
    List<HasMetadata> stored = new ArrayList<>();
    for (String file : files(situation, "in-")) {
      if (!file.equals("in-time.yaml")) {
        stored.addAll(Manifests.read(text(situation.resolve(file))));
      }
    }
    JsonNode time = Manifests.tree(text(situation.resolve("in-time.yaml")));
    Instant now = Instant.parse(time.get("now").asText());
    StoredCluster cluster = new StoredCluster(stored);
    TenantMigrationRunStatus before = cluster.run().getStatus();
    OperatorTurn turn = cluster.turn(now);

    Map<String, String> written = new TreeMap<>();
    written.put("out-turn.yaml", Manifests.yaml(story(turn, before, cluster)));
    if (!turn.status().equals(before)) {
      TenantMigrationRun run = new TenantMigrationRun();
      run.setStatus(turn.status());
      written.put("out-status.yaml", Manifests.yaml(Map.of("status", statusOf(run))));
    }
    turn.writes()
        .created()
        .forEach(
            object ->
                written.put(
                    "out-%s-%s.yaml".formatted(object.getKind(), object.getMetadata().getName()),
                    Manifests.write(object)));
    turn.writes()
        .outcomes()
        .forEach(
            (tenant, patch) ->
                written.put(
                    "out-Tenant-%s-patch.yaml".formatted(tenant),
                    Manifests.yaml(operations(patch))));
    turn.writes()
        .endedJob()
        .ifPresent(
            patch ->
                written.put(
                    "out-Job-%s-patch.yaml".formatted(turn.endedJob()),
                    Manifests.yaml(Manifests.tree(patch))));
    return written;
  }

  private static JsonNode statusOf(TenantMigrationRun run) {
    return Manifests.tree(Serialization.asJson(run.getStatus()));
  }

  private static String told(Duration wait) {
    return wait.compareTo(Duration.ofSeconds(1)) < 0
        ? "at once"
        : "after %d s, if nothing happens before".formatted(wait.toSeconds());
  }

  /** In the order of RFC 6902. */
  private static List<Map<String, JsonNode>> operations(JsonPatch patch) {
    List<Map<String, JsonNode>> operations = new ArrayList<>();
    for (JsonNode operation : Manifests.tree(patch.json())) {
      Map<String, JsonNode> ordered = new LinkedHashMap<>();
      for (String key : List.of("op", "path", "value")) {
        ordered.put(key, operation.get(key));
      }
      operations.add(ordered);
    }
    return operations;
  }

  /** What happened, in a few lines. */
  private static Map<String, Object> story(
      OperatorTurn turn, TenantMigrationRunStatus before, StoredCluster after) {
    Map<String, Object> story = new LinkedHashMap<>();
    story.put("decision", turn.decision().getClass().getSimpleName());
    List<String> writes = new ArrayList<>();
    if (turn.finalizer().equals("taken")) {
      writes.add("take the finalizer");
    }
    turn.writes().outcomes().keySet().forEach(tenant -> writes.add("patch Tenant " + tenant));
    turn.writes()
        .created()
        .forEach(
            object ->
                writes.add("create " + object.getKind() + " " + object.getMetadata().getName()));
    turn.writes().endedJob().ifPresent(patch -> writes.add("patch Job " + turn.endedJob()));
    turn.writes().deletedJob().ifPresent(job -> writes.add("delete Job " + job));
    if (!turn.status().equals(before)) {
      writes.add("the status");
    }
    if (turn.finalizer().equals("released")) {
      writes.add(
          after.accessToCome().isEmpty()
              ? "release the finalizer"
              : "release the finalizer, once its tenants are free");
    }
    story.put("writes", writes);
    story.put("events", turn.events());
    Map<String, String> access = new TreeMap<>();
    after.accessToCome().forEach((tenant, value) -> access.put(tenant, value.name()));
    story.put("accessToFollow", access);
    story.put("nextLook", turn.nextLook().map(GoldenTest::told).orElse("when something happens"));
    return story;
  }

  private static List<String> files(Path directory, String prefix) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
