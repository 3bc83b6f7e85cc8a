package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The {@code meta/v1 Table} that kubectl prints for {@code get}. */
final class Tables {
  private final Clock clock;

  Tables(Clock clock) {
    this.clock = clock;
  }

  static boolean wanted(String accept) {
    return accept != null && accept.contains("as=Table");
  }

  ObjectNode of(ResourceType type, List<ObjectNode> objects, String version, String include) {
    Instant now = clock.instant();
    ObjectNode table = Json.object("meta.k8s.io/v1", "Table");
    Json.metadata(table).put("resourceVersion", version);
    ArrayNode columns = table.putArray("columnDefinitions");
    column(columns, "Name", "string", "name", 0);
    type.columns()
        .forEach(
            column ->
                column(
                    columns,
                    column.name(),
                    column.type().equals("date") ? "string" : column.type(),
                    "",
                    column.priority()));
    ArrayNode rows = table.putArray("rows");
    objects.forEach(object -> row(rows.addObject(), type, object, now, include));
    return table;
  }

  private static void column(
      ArrayNode columns, String name, String type, String format, int priority) {
    columns
        .addObject()
        .put("name", name)
        .put("type", type)
        .put("format", format)
        .put("description", "")
        .put("priority", priority);
  }

  private static void row(
      ObjectNode row, ResourceType type, ObjectNode object, Instant now, String include) {
    ArrayNode cells = row.putArray("cells").add(Json.name(object));
    for (PrinterColumn column : type.columns()) {
      JsonNode value = column.valueIn(object, now);
      if (value == null) {
        cells.addNull();
      } else {
        cells.add(value);
      }
    }
    if (include.equals("Object")) {
      row.set("object", object);
    } else if (!include.equals("None")) {
      ObjectNode partial = Json.object("meta.k8s.io/v1", "PartialObjectMetadata");
      partial.set("metadata", object.path("metadata"));
      row.set("object", partial);
    }
  }
}
