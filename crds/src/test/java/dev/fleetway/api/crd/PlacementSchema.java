package dev.fleetway.api.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The part of Kubernetes' own pod placement that a run has, written out: what the generator makes
 * of those types is three times as large, without bounds, enums and descriptions. Left out are
 * {@code matchFields}, and of pod affinity all but labels of the same namespace.
 */
final class PlacementSchema {
  private static final long TERMS = 16;
  private static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";
  private static final long ANNOTATION_LENGTH = 1024;
  private static final long ENTRIES = 32;

  private PlacementSchema() {}

  static void refineToleration(JSONSchemaProps schema) {
    schema.setProperties(
        new TreeMap<>(
            Map.of(
                "key", text("Key of the taint. Default: every key, with operator Exists.", 316),
                "operator", choice("Default: Equal.", "Equal", "Exists"),
                "value", text("Value of the taint, for Equal. Default: empty.", 63),
                "effect",
                    choice("Default: every effect.", "NoSchedule", "PreferNoSchedule", "NoExecute"),
                "tolerationSeconds",
                    number(
                        "With NoExecute, seconds until the pod goes all the same. Default: never."))));
  }

  static void refineAffinity(JSONSchemaProps schema) {
    schema.setProperties(
        new TreeMap<>(
            Map.of(
                "nodeAffinity", nodeAffinity(),
                "podAffinity", podAffinity("Pods to be near to."),
                "podAntiAffinity", podAffinity("Pods to keep away from."))));
  }

  /** Small enough for a run to stay small, and for the rules over the names to be cheap. */
  static void boundPodMetadata(JSONSchemaProps runner) {
    for (String labels : List.of("nodeSelector", "podLabels")) {
      JSONSchemaProps map = runner.getProperties().get(labels);
      map.setMaxProperties(ENTRIES);
      JSONSchemaProps value = map.getAdditionalProperties().getSchema();
      value.setMaxLength(63L);
      value.setPattern(LABEL_VALUE);
    }
    JSONSchemaProps annotations = runner.getProperties().get("podAnnotations");
    annotations.setMaxProperties(ENTRIES);
    annotations.getAdditionalProperties().getSchema().setMaxLength(ANNOTATION_LENGTH);
  }

  private static JSONSchemaProps nodeAffinity() {
    JSONSchemaProps term =
        object("Labels of nodes.", Map.of("matchExpressions", expressions()), List.of());
    return object(
        "Nodes, by their labels.",
        Map.of(
            "requiredDuringSchedulingIgnoredDuringExecution",
            object(
                "A node must fit one of the terms.",
                Map.of("nodeSelectorTerms", list("Each is enough.", term)),
                List.of("nodeSelectorTerms")),
            "preferredDuringSchedulingIgnoredDuringExecution",
            list("Nodes that are better than others.", weighted("preference", term))),
        List.of());
  }

  private static JSONSchemaProps podAffinity(String description) {
    JSONSchemaProps selector = selector();
    JSONSchemaProps term =
        object(
            "Pods of the namespace in one topology.",
            Map.of(
                "labelSelector",
                selector,
                "topologyKey",
                text("Node label that says what counts as one place.", 316)),
            List.of("labelSelector", "topologyKey"));
    return object(
        description,
        Map.of(
            "requiredDuringSchedulingIgnoredDuringExecution",
            list("All must hold.", term),
            "preferredDuringSchedulingIgnoredDuringExecution",
            list("Better when they hold.", weighted("podAffinityTerm", term))),
        List.of());
  }

  private static JSONSchemaProps weighted(String name, JSONSchemaProps term) {
    JSONSchemaProps weight = number("1 to 100.");
    weight.setFormat("int32");
    weight.setMinimum(1.0);
    weight.setMaximum(100.0);
    return object(
        "A term and its weight.", Map.of("weight", weight, name, term), List.of("weight", name));
  }

  private static JSONSchemaProps expressions() {
    return list(
        "All must hold.",
        object(
            "A requirement.",
            Map.of(
                "key", text("The label.", 316),
                "operator",
                    choice("How to compare.", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
                "values", list("To compare with. Default: none.", text("A value.", 63))),
            List.of("key", "operator")));
  }

  private static JSONSchemaProps selector() {
    JSONSchemaProps labels =
        new JSONSchemaPropsBuilder()
            .withType("object")
            .withDescription("Labels that must all be there with these values.")
            .withNewAdditionalProperties()
            .withNewSchema()
            .withType("string")
            .endSchema()
            .endAdditionalProperties()
            .build();
    return object("Which pods.", Map.of("matchLabels", labels), List.of("matchLabels"));
  }

  private static JSONSchemaProps object(
      String description, Map<String, JSONSchemaProps> properties, List<String> required) {
    return new JSONSchemaPropsBuilder()
        .withType("object")
        .withDescription(description)
        .withProperties(new TreeMap<>(properties))
        .withRequired(required)
        .build();
  }

  private static JSONSchemaProps list(String description, JSONSchemaProps items) {
    return new JSONSchemaPropsBuilder()
        .withType("array")
        .withDescription(description)
        .withXKubernetesListType("atomic")
        .withMaxItems(TERMS)
        .withNewItems()
        .withSchema(new JSONSchemaPropsBuilder(items).withDescription(null).build())
        .endItems()
        .build();
  }

  private static JSONSchemaProps text(String description, long length) {
    return new JSONSchemaPropsBuilder()
        .withType("string")
        .withDescription(description)
        .withMaxLength(length)
        .build();
  }

  private static JSONSchemaProps number(String description) {
    return new JSONSchemaPropsBuilder()
        .withType("integer")
        .withFormat("int64")
        .withDescription(description)
        .build();
  }

  private static JSONSchemaProps choice(String description, String... values) {
    return new JSONSchemaPropsBuilder()
        .withType("string")
        .withDescription(description)
        .withEnum(Stream.of(values).<JsonNode>map(TextNode::valueOf).toList())
        .build();
  }
}
