package dev.fleetway.cli.tenant.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an apply changes. Pure. */
final class Difference {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Difference() {}

  /** Labels and spec, one line for each field that differs, in their order. */
  static List<String> ofTenants(GenericKubernetesResource before, GenericKubernetesResource after) {
    SortedMap<String, String> old = leaves(before);
    SortedMap<String, String> fresh = leaves(after);
    TreeSet<String> fields = new TreeSet<>(old.keySet());
    fields.addAll(fresh.keySet());
    List<String> changes = new ArrayList<>();
    for (String field : fields) {
      String from = old.get(field);
      String to = fresh.get(field);
      if (!Objects.equals(from, to)) {
        changes.add(
            field + ": " + (from == null ? "none" : from) + " → " + (to == null ? "none" : to));
      }
    }
    return changes;
  }

  /** The names of the keys that differ, never a value. */
  static List<String> ofSecrets(Secret before, Secret after) {
    Map<String, String> old = before.getData() == null ? Map.of() : before.getData();
    return after.getData().entrySet().stream()
        .filter(entry -> !entry.getValue().equals(old.get(entry.getKey())))
        .map(entry -> "secret " + after.getMetadata().getName() + ": " + entry.getKey())
        .sorted()
        .toList();
  }

  private static SortedMap<String, String> leaves(GenericKubernetesResource tenant) {
    SortedMap<String, String> found = new TreeMap<>();
    Map<String, String> labels = tenant.getMetadata().getLabels();
    if (labels != null) {
      labels.forEach((key, value) -> found.put("labels." + key, value));
    }
    collect("", JSON.valueToTree(tenant.getAdditionalProperties().get("spec")), found);
    return found;
  }

  private static void collect(String path, JsonNode node, SortedMap<String, String> found) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        collect(
            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), found);
      }
    } else {
      found.put(path, node.isValueNode() ? node.asText() : node.toString());
    }
  }
}
