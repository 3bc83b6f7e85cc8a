package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.sandbox.api.ObjectStore.Stored;

/** PATCH in its four forms; a server-side apply of an absent object creates it. */
final class ObjectPatcher {
  private final ObjectStore store;
  private final ObjectWriter writer;

  ObjectPatcher(ObjectStore store, ObjectWriter writer) {
    this.store = store;
    this.writer = writer;
  }

  ObjectNode patch(
      ResourceType type, ObjectKey key, RequestPath path, String contentType, String body) {
    String format = contentType == null ? "" : contentType.split(";", 2)[0].strip();
    Stored stored = store.get(type, key);
    if (format.equals("application/apply-patch+yaml")) {
      return apply(type, key, path, Json.readObject(body), stored);
    }
    if (stored == null) {
      throw ApiException.notFound(type, key.name());
    }
    ObjectNode live = stored.object();
    ObjectNode patched =
        switch (format) {
          case "application/json-patch+json" -> Patches.json(live, Json.read(body));
          case "application/merge-patch+json" -> Patches.merge(live, Json.readObject(body));
          case "application/strategic-merge-patch+json" -> {
            if (type.isCustom()) {
              throw ApiException.unsupportedFormat(format);
            }
            yield Patches.strategic(live, Json.readObject(body), ListShape.of(type));
          }
          default -> throw ApiException.unsupportedFormat(format);
        };
    return writer.update(
        type, key, patched, path.subresource(), stored.owners().changed(live, patched, ""));
  }

  private ObjectNode apply(
      ResourceType type, ObjectKey key, RequestPath path, ObjectNode applied, Stored stored) {
    String subresource = path.subresource();
    String manager = path.parameter("fieldManager") + "/" + subresource;
    if (path.parameter("fieldManager").isEmpty()) {
      throw ApiException.badRequest("fieldManager: Required value: is required for apply patch");
    }
    ObjectNode fields = applied.deepCopy();
    if (stored == null) {
      if (!subresource.isEmpty()) {
        throw ApiException.notFound(type, key.name());
      }
      if (type.hasStatus()) {
        fields.remove("status");
      }
      Json.metadata(fields).put("name", key.name());
      FieldOwners owners =
          FieldOwners.NONE.apply(Json.empty(), fields, manager, true, type).owners();
      return writer.create(type, key.namespace(), fields, owners);
    }
    keepOnly(fields, subresource, type);
    FieldOwners.Applied result =
        stored
            .owners()
            .apply(stored.object(), fields, manager, path.parameter("force").equals("true"), type);
    return writer.update(type, key, result.object(), subresource, result.owners());
  }

  /** Status belongs to its subresource, all else to the object. */
  private static void keepOnly(ObjectNode fields, String subresource, ResourceType type) {
    if (subresource.equals("status")) {
      fields.retain("apiVersion", "kind", "status");
    } else if (type.hasStatus()) {
      fields.remove("status");
    }
  }
}
