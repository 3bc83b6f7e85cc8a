package dev.fleetway.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.e2e.tool.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the files of the chart, without helm and without a cluster. */
class ChartTest {
  @Test
  void theChartsCopiesOfTheCrdsAreInStep() {
    Map<String, String> expected = new TreeMap<>();
    texts(SourceTree.file("crds/yaml"))
        .forEach(
            (name, text) ->
                expected.put(
                    name,
                    "# Generated copy of crds/yaml/"
                        + name
                        + " by ./helm/copy-crds; do not edit\n"
                        + text));

    assertThat(expected).hasSize(2);
    assertThat(texts(SourceTree.file("helm/fleetway/files/crds")))
        .as("stale copies of the CRDs in the chart: run ./helm/copy-crds")
        .isEqualTo(expected);
  }

  @Test
  void everyObjectOfTheValuesRefusesUnknownNames() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(text(SourceTree.file("helm/fleetway/values.schema.json")));
    List<String> open = new ArrayList<>();
    collectOpenObjects("", schema, open);

    // helm's own, for whatever a parent chart shares with all its children
    assertThat(open).containsExactly("/properties/global");
  }

  private static void collectOpenObjects(String path, JsonNode schema, List<String> open) {
    if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
      open.add(path);
    }
    schema
        .properties()
        .forEach(entry -> collectOpenObjects(path + "/" + entry.getKey(), entry.getValue(), open));
    for (int i = 0; schema.isArray() && i < schema.size(); i++) {
      collectOpenObjects(path + "/" + i, schema.get(i), open);
    }
  }

  @Test
  void theChartInstallsTheVersionThatIsBuilt() {
    assertThat(text(SourceTree.file("helm/fleetway/Chart.yaml")))
        .contains("\nappVersion: " + SourceTree.version() + "\n");
  }

  private static Map<String, String> texts(Path directory) {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> texts.put(file.getFileName().toString(), text(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
