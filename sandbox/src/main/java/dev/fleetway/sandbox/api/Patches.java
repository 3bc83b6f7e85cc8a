package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.List;

/** The three kinds of patch that have no field owners. Each returns a new object. */
final class Patches {
  private Patches() {}

  /** RFC 6902; a failed {@code test} is a 422, as on a real API server. */
  static ObjectNode json(ObjectNode live, JsonNode patch) {
    try {
      if (JsonPatch.apply(patch, live.deepCopy()) instanceof ObjectNode patched) {
        return patched;
      }
    } catch (JsonPatchException e) {
      throw ApiException.unprocessable(e.getMessage());
    }
    throw ApiException.unprocessable("the patch leaves no object");
  }

  /** RFC 7386: null removes, arrays are replaced. */
  static ObjectNode merge(ObjectNode live, ObjectNode patch) {
    ObjectNode result = live.deepCopy();
    patch
        .properties()
        .forEach(
            member -> {
              String name = member.getKey();
              JsonNode value = member.getValue();
              if (value.isNull()) {
                result.remove(name);
              } else if (value instanceof ObjectNode object) {
                ObjectNode base =
                    result.get(name) instanceof ObjectNode before ? before : Json.empty();
                result.set(name, merge(base, object));
              } else {
                result.set(name, value);
              }
            });
    return result;
  }

  /** As merge, but lists with keys are merged item by item and {@code $patch} is understood. */
  static ObjectNode strategic(ObjectNode live, ObjectNode patch, ListShape shape) {
    ObjectNode result =
        patch.path("$patch").asText().equals("replace") ? Json.empty() : live.deepCopy();
    patch
        .properties()
        .forEach(
            member -> {
              String name = member.getKey();
              JsonNode value = member.getValue();
              if (name.startsWith("$")) {
                return;
              }
              if (value.isNull()) {
                result.remove(name);
              } else if (value instanceof ObjectNode object) {
                ObjectNode base =
                    result.get(name) instanceof ObjectNode before ? before : Json.empty();
                result.set(name, strategic(base, object, shape.member(name)));
              } else if (value instanceof ArrayNode items) {
                result.set(name, strategicList(result.path(name), items, shape.member(name)));
              } else {
                result.set(name, value);
              }
            });
    return result;
  }

  private static ArrayNode strategicList(JsonNode live, ArrayNode patch, ListShape shape) {
    List<String> keys = shape.keys();
    if (keys.isEmpty() && !shape.isSet()) {
      return patch;
    }
    ArrayNode result = live instanceof ArrayNode array ? array.deepCopy() : patch.arrayNode();
    for (JsonNode item : patch) {
      int at = indexOf(result, item, keys);
      boolean delete = item.path("$patch").asText().equals("delete");
      if (at < 0 && !delete) {
        result.add(item);
      } else if (at >= 0 && delete) {
        result.remove(at);
      } else if (at >= 0
          && result.get(at) instanceof ObjectNode before
          && item instanceof ObjectNode object) {
        result.set(at, strategic(before, object, shape.items()));
      }
    }
    return result;
  }

  static int indexOf(ArrayNode array, JsonNode item, List<String> keys) {
    String identity = keys.isEmpty() ? null : ListShape.identity(item, keys);
    for (int i = 0; i < array.size(); i++) {
      boolean same =
          identity == null
              ? array.get(i).equals(item)
              : identity.equals(ListShape.identity(array.get(i), keys));
      if (same) {
        return i;
      }
    }
    return -1;
  }
}
