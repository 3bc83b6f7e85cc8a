package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * What a merge must know of a field: is a list merged by keys, as a set, or replaced? Told by the
 * schema of a custom resource, and by name for the few lists of Kubernetes' own types that matter.
 */
record ListShape(String field, JsonNode schema) {
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "conditions", List.of("type"),
          "ownerReferences", List.of("uid"),
          "containers", List.of("name"),
          "initContainers", List.of("name"),
          "env", List.of("name"),
          "volumes", List.of("name"),
          "volumeMounts", List.of("mountPath"),
          "imagePullSecrets", List.of("name"));

  static ListShape of(ResourceType type) {
    return new ListShape("", type.schema());
  }

  ListShape member(String name) {
    JsonNode properties = schema.path("properties").path(name);
    return new ListShape(
        name, properties.isMissingNode() ? schema.path("additionalProperties") : properties);
  }

  ListShape items() {
    return new ListShape("", schema.path("items"));
  }

  boolean isSet() {
    return field.equals("finalizers")
        || schema.path("x-kubernetes-list-type").asText().equals("set");
  }

  /** Keys that identify an item; empty for a list that is replaced as a whole. */
  List<String> keys() {
    if (schema.has("x-kubernetes-list-map-keys")) {
      return StreamSupport.stream(schema.path("x-kubernetes-list-map-keys").spliterator(), false)
          .map(JsonNode::asText)
          .toList();
    }
    boolean described = schema.has("type");
    return described ? List.of() : KEYS.getOrDefault(field, List.of());
  }

  /** Text that identifies an item among its siblings; null when a key is missing. */
  static String identity(JsonNode item, List<String> keys) {
    StringBuilder identity = new StringBuilder();
    for (String key : keys) {
      if (!item.has(key)) {
        return null;
      }
      identity.append(key).append('=').append(item.get(key).asText()).append('\n');
    }
    return identity.toString();
  }
}
