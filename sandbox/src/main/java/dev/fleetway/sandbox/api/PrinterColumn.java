package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * A column of {@code kubectl get}, with the meaning of {@code additionalPrinterColumns}.
 *
 * @param name heading
 * @param type string, integer, number, boolean or date; a date is shown as an age
 * @param priority 0 is always shown, more only with {@code -o wide}
 * @param path compiled JSON path into the object
 */
record PrinterColumn(String name, String type, int priority, JsonPath path) {
  static final PrinterColumn AGE = of("Age", "date", 0, ".metadata.creationTimestamp");

  private static final Configuration JACKSON =
      Configuration.builder()
          .jsonProvider(new JacksonJsonNodeJsonProvider())
          .options(Option.SUPPRESS_EXCEPTIONS, Option.ALWAYS_RETURN_LIST)
          .build();

  static PrinterColumn of(String name, String type, int priority, String path) {
    return new PrinterColumn(
        name, type, priority, JsonPath.compile(path.startsWith("$") ? path : "$" + path));
  }

  static PrinterColumn text(String name, String path) {
    return of(name, "string", 0, path);
  }

  static PrinterColumn ofDefinition(JsonNode definition) {
    return of(
        definition.path("name").asText(),
        definition.path("type").asText("string"),
        definition.path("priority").asInt(),
        definition.path("jsonPath").asText());
  }

  /** The first match, as an API server renders it; null for none. */
  JsonNode valueIn(JsonNode object, Instant now) {
    ArrayNode found = path.read(object, JACKSON);
    JsonNode value = found == null || found.isEmpty() ? null : found.get(0);
    if (value == null || value.isNull()) {
      return null;
    }
    return type.equals("date")
        ? com.fasterxml.jackson.databind.node.TextNode.valueOf(age(value.asText(), now))
        : value;
  }

  private static String age(String time, Instant now) {
    try {
      return humanDuration(Duration.between(Instant.parse(time), now));
    } catch (DateTimeException e) {
      return "<unknown>";
    }
  }

  /** As kubectl writes ages: two units while they still matter. */
  static String humanDuration(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return seconds % 60 == 0 ? minutes + "m" : minutes + "m" + seconds % 60 + "s";
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return minutes % 60 == 0 ? hours + "h" : hours + "h" + minutes % 60 + "m";
    }
    return hours < 48 ? hours + "h" : hours / 24 + "d";
  }
}
