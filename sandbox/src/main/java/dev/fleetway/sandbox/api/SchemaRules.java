package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the schema of a CRD says about an object: defaults, and the plain validations (required,
 * type, pattern, enum, ranges). CEL rules are left to a real API server.
 */
final class SchemaRules {
  private SchemaRules() {}

  /** Fills in defaults, top down, as structural schemas do. */
  static void applyDefaults(ObjectNode object, JsonNode schema) {
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String name = property.getKey();
              JsonNode rules = property.getValue();
              if (rules.has("default") && (!object.has(name) || object.get(name).isNull())) {
                object.set(name, rules.get("default").deepCopy());
              }
              defaultsBelow(object.path(name), rules);
            });
  }

  private static void defaultsBelow(JsonNode value, JsonNode rules) {
    if (value instanceof ObjectNode child) {
      applyDefaults(child, rules);
    } else if (value instanceof ArrayNode items) {
      items.forEach(item -> defaultsBelow(item, rules.path("items")));
    }
  }

  /** Every violation, in the words of an API server; empty when the object is fine. */
  static List<String> violations(JsonNode object, JsonNode schema) {
    List<String> found = new ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              if (object.has(property.getKey())) {
                check(object.get(property.getKey()), property.getValue(), property.getKey(), found);
              }
            });
    required(object, schema, "", found);
    return found;
  }

  private static void check(JsonNode value, JsonNode rules, String path, List<String> found) {
    if (value.isNull()) {
      return;
    }
    checkType(value, rules, path, found);
    if (value instanceof ObjectNode object) {
      required(object, rules, path, found);
      object
          .properties()
          .forEach(
              member -> {
                JsonNode below =
                    rules.path("properties").has(member.getKey())
                        ? rules.path("properties").path(member.getKey())
                        : rules.path("additionalProperties");
                check(member.getValue(), below, path + "." + member.getKey(), found);
              });
    } else if (value instanceof ArrayNode items) {
      size(items.size(), rules, "Items", path, found);
      for (int i = 0; i < items.size(); i++) {
        check(items.get(i), rules.path("items"), path + "[" + i + "]", found);
      }
    } else {
      checkScalar(value, rules, path, found);
    }
  }

  private static void required(JsonNode object, JsonNode rules, String path, List<String> found) {
    for (JsonNode name : rules.path("required")) {
      if (!object.hasNonNull(name.asText())) {
        String prefix = path.isEmpty() ? "" : path + ".";
        found.add(prefix + name.asText() + ": Required value");
      }
    }
  }

  private static void checkType(JsonNode value, JsonNode rules, String path, List<String> found) {
    boolean fits =
        switch (rules.path("type").asText()) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isTextual();
          case "integer" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          case "boolean" -> value.isBoolean();
          default -> true;
        };
    if (!fits) {
      found.add(path + ": Invalid value: must be of type " + rules.path("type").asText());
    }
  }

  private static void checkScalar(JsonNode value, JsonNode rules, String path, List<String> found) {
    if (value.isTextual()) {
      String text = value.asText();
      size(text.length(), rules, "Length", path, found);
      if (rules.has("pattern")
          && !Pattern.compile(rules.path("pattern").asText()).matcher(text).find()) {
        found.add(
            path
                + ": Invalid value: \""
                + text
                + "\": should match '"
                + rules.path("pattern").asText()
                + "'");
      }
    }
    if (rules.has("enum") && !contains(rules.path("enum"), value)) {
      found.add(
          path + ": Unsupported value: " + value + ": supported values: " + rules.path("enum"));
    }
    if (value.isNumber()) {
      if (rules.has("minimum") && value.asDouble() < rules.path("minimum").asDouble()) {
        found.add(path + ": Invalid value: should be at least " + rules.path("minimum").asText());
      }
      if (rules.has("maximum") && value.asDouble() > rules.path("maximum").asDouble()) {
        found.add(path + ": Invalid value: should be at most " + rules.path("maximum").asText());
      }
    }
  }

  private static void size(int size, JsonNode rules, String what, String path, List<String> found) {
    if (rules.has("min" + what) && size < rules.path("min" + what).asInt()) {
      found.add(path + ": Invalid value: too short, at least " + rules.path("min" + what));
    }
    if (rules.has("max" + what) && size > rules.path("max" + what).asInt()) {
      found.add(path + ": Too long: at most " + rules.path("max" + what));
    }
  }

  private static boolean contains(JsonNode array, JsonNode value) {
    for (JsonNode item : array) {
      if (item.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
