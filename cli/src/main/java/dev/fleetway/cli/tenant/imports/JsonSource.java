package dev.fleetway.cli.tenant.imports;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fleetway.cli.exit.CommandFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A JSON array of flat objects. */
final class JsonSource {
  private JsonSource() {}

  static SourceTable read(String name, String content) {
    JsonNode document = parse(name, content);
    if (!document.isArray()) {
      throw CommandFailure.usage(name + " is no JSON array: it must hold an array of objects");
    }
    if (document.isEmpty()) {
      throw CommandFailure.usage(name + " is empty: it must hold an object for each tenant");
    }
    Set<String> columns = new LinkedHashSet<>();
    List<SourceTable.Row> rows = new ArrayList<>();
    for (JsonNode element : document) {
      rows.add(row(name, "element " + (rows.size() + 1), element));
      element.fieldNames().forEachRemaining(columns::add);
    }
    return new SourceTable(name, List.copyOf(columns), rows);
  }

  private static JsonNode parse(String name, String content) {
    try {
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readTree(content);
    } catch (JsonProcessingException e) {
      JsonLocation where = e.getLocation();
      throw CommandFailure.usage(
          "%s, line %d, column %d: this is no JSON"
              .formatted(
                  name,
                  where == null ? 1 : where.getLineNr(),
                  where == null ? 1 : where.getColumnNr()));
    }
  }

  private static SourceTable.Row row(String name, String place, JsonNode element) {
    if (!element.isObject()) {
      throw CommandFailure.usage(name + ", " + place + ": this is no JSON object");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : element.properties()) {
      JsonNode value = field.getValue();
      if (value.isContainerNode()) {
        throw CommandFailure.usage(
            "%s, %s, field %s: it must be a text or a number"
                .formatted(name, place, field.getKey()));
      }
      if (!value.isNull() && !value.asText().isEmpty()) {
        values.put(field.getKey(), value.asText());
      }
    }
    return new SourceTable.Row(place, values);
  }
}
