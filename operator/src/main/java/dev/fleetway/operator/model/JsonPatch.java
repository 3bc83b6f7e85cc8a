package dev.fleetway.operator.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JSON patch (RFC 6902): unlike an apply it can test what it changes, and touches nothing else.
 */
public final class JsonPatch {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Map<String, Object>> operations = new ArrayList<>();

  public JsonPatch test(String path, Object value) {
    return with("test", path, value);
  }

  public JsonPatch add(String path, Object value) {
    return with("add", path, value);
  }

  public JsonPatch remove(String path) {
    operations.add(Map.of("op", "remove", "path", path));
    return this;
  }

  private JsonPatch with(String op, String path, Object value) {
    operations.add(Map.of("op", op, "path", path, "value", value));
    return this;
  }

  /** What the API server gets. */
  public String json() {
    try {
      return JSON.writeValueAsString(operations);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that cannot be written as JSON", e);
    }
  }
}
