package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which manager applied which fields of one object: the memory that server-side apply needs. A
 * manager is a field manager name plus subresource. Immutable.
 */
record FieldOwners(Map<String, Set<FieldPath>> byManager) {
  static final FieldOwners NONE = new FieldOwners(Map.of());

  FieldOwners {
    byManager = Map.copyOf(byManager);
  }

  /** What a server-side apply makes of an object. */
  record Applied(ObjectNode object, FieldOwners owners) {}

  /**
   * Merges {@code applied} into {@code live}: its fields are set, and fields that the same manager
   * applied before and now leaves out are removed, unless another manager applied them too.
   */
  Applied apply(
      ObjectNode live, ObjectNode applied, String manager, boolean force, ResourceType type) {
    Set<FieldPath> fields = FieldPath.leaves(applied, ListShape.of(type));
    if (!force) {
      refuseConflicts(live, applied, manager, fields, type);
    }
    ObjectNode result = live.deepCopy();
    byManager.getOrDefault(manager, Set.of()).stream()
        .filter(field -> !fields.contains(field) && !ownedByOther(field, manager))
        .sorted(Comparator.comparing(FieldPath::isKey))
        .forEach(field -> field.remove(result));
    mergeObject(result, applied, ListShape.of(type));
    Map<String, Set<FieldPath>> owners = new HashMap<>(changed(live, result, manager).byManager);
    owners.put(manager, Set.copyOf(fields));
    return new Applied(result, new FieldOwners(owners));
  }

  /** A write without apply takes the fields that it changed away from whoever applied them. */
  FieldOwners changed(ObjectNode before, ObjectNode after, String except) {
    Map<String, Set<FieldPath>> left = new HashMap<>();
    byManager.forEach(
        (manager, fields) -> {
          Set<FieldPath> kept = new HashSet<>(fields);
          if (!manager.equals(except)) {
            kept.removeIf(field -> !field.value(before).equals(field.value(after)));
          }
          left.put(manager, Set.copyOf(kept));
        });
    return new FieldOwners(left);
  }

  private boolean ownedByOther(FieldPath field, String manager) {
    return byManager.entrySet().stream()
        .anyMatch(entry -> !entry.getKey().equals(manager) && entry.getValue().contains(field));
  }

  private void refuseConflicts(
      ObjectNode live,
      ObjectNode applied,
      String manager,
      Set<FieldPath> fields,
      ResourceType type) {
    for (FieldPath field : fields) {
      if (ownedByOther(field, manager) && !field.value(live).equals(field.value(applied))) {
        throw ApiException.conflict(
            type, Json.name(live), "Apply failed with a conflict: another manager owns " + field);
      }
    }
  }

  private static void mergeObject(ObjectNode live, ObjectNode applied, ListShape shape) {
    applied
        .properties()
        .forEach(
            member -> {
              String name = member.getKey();
              JsonNode value = member.getValue();
              if (!value.isNull()) {
                live.set(name, merged(live.path(name), value, shape.member(name)));
              }
            });
  }

  private static JsonNode merged(JsonNode live, JsonNode applied, ListShape shape) {
    if (applied instanceof ObjectNode object) {
      ObjectNode base = live instanceof ObjectNode before ? before : Json.empty();
      mergeObject(base, object, shape);
      return base;
    }
    if (applied instanceof ArrayNode items
        && live instanceof ArrayNode before
        && (shape.isSet() || !shape.keys().isEmpty())) {
      mergeList(before, items, shape);
      return before;
    }
    return applied.deepCopy();
  }

  private static void mergeList(ArrayNode live, ArrayNode applied, ListShape shape) {
    List<String> keys = shape.keys();
    for (JsonNode item : applied) {
      int at = Patches.indexOf(live, item, keys);
      if (at < 0) {
        live.add(item.deepCopy());
      } else {
        live.set(at, merged(live.get(at), item, shape.items()));
      }
    }
  }
}
