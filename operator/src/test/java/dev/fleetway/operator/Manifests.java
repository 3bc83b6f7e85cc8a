package dev.fleetway.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Objects as YAML for people. The JSON text that a ConfigMap holds is written, and read, as YAML of
 * its own: {@code data} of a ConfigMap may be deeper than Kubernetes has it.
 */
final class Manifests {
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "TenantMigrationRun", TenantMigrationRun.class,
          "Tenant", Tenant.class,
          "Job", Job.class,
          "Pod", Pod.class,
          "ConfigMap", ConfigMap.class,
          "Event", Event.class);

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  /** An entry of a list that is a map of two or more plain values. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "^( *)- \\S+: [^|>\\n].*\\n(?:\\1  \\S+: [^|>\\n].*\\n)+(?!\\1  [ \\S])",
          Pattern.MULTILINE);

  private static final Pattern PAIR = Pattern.compile("[- ]*(\\S+): (.*)");
  private static final Pattern SIGNS = Pattern.compile("[,\\[\\]{}]|: ");

  private Manifests() {}

  /** The objects of a text with several documents. */
  static List<HasMetadata> read(String text) {
    List<HasMetadata> found = new ArrayList<>();
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        if (document.isObject()) {
          found.add(read((ObjectNode) document));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static HasMetadata read(ObjectNode document) {
    Class<? extends HasMetadata> type = KINDS.get(document.path("kind").asText());
    if (type == null) {
      throw new IllegalArgumentException("no such kind: " + document);
    }
    if (type == ConfigMap.class) {
      ObjectNode data = (ObjectNode) document.get("data");
      data.properties().stream()
          .filter(entry -> !entry.getValue().isTextual())
          .toList()
          .forEach(entry -> data.set(entry.getKey(), new TextNode(entry.getValue().toString())));
    }
    return Serialization.unmarshal(document.toString(), type);
  }

  /** One value of a file that is no object. */
  static JsonNode tree(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Just as it is stored. */
  static String exactly(HasMetadata object) {
    return yaml(sorted(tree(Serialization.asJson(object))));
  }

  static String write(HasMetadata object) {
    ObjectNode document = (ObjectNode) sorted(tree(Serialization.asJson(object)));
    if (object instanceof ConfigMap) {
      ObjectNode data = (ObjectNode) document.get("data");
      data.properties().stream()
          .toList()
          .forEach(entry -> data.set(entry.getKey(), tree(entry.getValue().asText())));
    }
    return yaml(document);
  }

  /** Labels have no order of their own. */
  private static JsonNode sorted(JsonNode document) {
    for (JsonNode metadata : document.findValues("metadata")) {
      if (metadata.get("labels") instanceof ObjectNode labels) {
        Map<String, JsonNode> byKey = new TreeMap<>();
        labels.properties().forEach(label -> byKey.put(label.getKey(), label.getValue()));
        labels.removeAll();
        labels.setAll(byKey);
      }
    }
    return document;
  }

  static String yaml(Object value) {
    try {
      return ENTRY
          .matcher(YAML.writeValueAsString(value))
          .replaceAll(entry -> Matcher.quoteReplacement(onOneLine(entry)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A condition, a cohort, a variable: easier to read on one line. */
  private static String onOneLine(MatchResult entry) {
    List<String> pairs = new ArrayList<>();
    for (String line : entry.group().split("\n", -1)) {
      Matcher pair = PAIR.matcher(line);
      if (pair.matches()) {
        pairs.add(pair.group(1) + ": " + quoted(pair.group(2)));
      }
    }
    return entry.group(1) + "- {" + String.join(", ", pairs) + "}\n";
  }

  /** What means something else between braces than on a line of its own. */
  private static String quoted(String value) {
    boolean isPlain =
        value.startsWith("\"")
            || value.equals("{}")
            || value.equals("[]")
            || !SIGNS.matcher(value).find();
    return isPlain ? value : new TextNode(value).toString();
  }
}
