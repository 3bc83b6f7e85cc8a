package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Delete, with finalizers, grace time for pods, and the garbage collector. */
final class ObjectRemover {
  private static final int DEFAULT_GRACE_SECONDS = 30;

  private final ObjectStore store;
  private final ResourceCatalogue catalogue;
  private final ObjectWriter writer;

  ObjectRemover(ObjectStore store, ResourceCatalogue catalogue, ObjectWriter writer) {
    this.store = store;
    this.catalogue = catalogue;
    this.writer = writer;
  }

  /** The last state of the object; it is still stored while finalizers or grace time hold it. */
  ObjectNode delete(ResourceType type, ObjectKey key, JsonNode options) {
    ObjectNode object = store.get(type, key).object();
    refuseOthers(type, object, options.path("preconditions"));
    int grace = graceSeconds(type, object, options);
    if (grace > 0 || !object.path("metadata").path("finalizers").isEmpty()) {
      return markDeleted(type, key, object, grace);
    }
    ObjectNode last = store.remove(type, key);
    if (!options.path("propagationPolicy").asText().equals("Orphan")) {
      collect(last);
    }
    if (type.equals(ResourceCatalogue.NAMESPACES)) {
      empty(key.name());
    }
    return last;
  }

  private static void refuseOthers(ResourceType type, ObjectNode object, JsonNode preconditions) {
    for (String field : Set.of("uid", "resourceVersion")) {
      String wanted = preconditions.path(field).asText();
      String found = object.path("metadata").path(field).asText();
      if (!wanted.isEmpty() && !wanted.equals(found)) {
        throw ApiException.conflict(
            type, Json.name(object), "Precondition failed: " + field + " is " + found);
      }
    }
  }

  /** A pod on a node gets time to end; whoever plays the kubelet deletes it with grace 0. */
  private static int graceSeconds(ResourceType type, ObjectNode object, JsonNode options) {
    String phase = object.path("status").path("phase").asText();
    if (!type.kind().equals("Pod")
        || object.path("spec").path("nodeName").asText().isEmpty()
        || phase.equals("Succeeded")
        || phase.equals("Failed")) {
      return 0;
    }
    return options
        .path("gracePeriodSeconds")
        .asInt(
            object.path("spec").path("terminationGracePeriodSeconds").asInt(DEFAULT_GRACE_SECONDS));
  }

  private ObjectNode markDeleted(ResourceType type, ObjectKey key, ObjectNode object, int grace) {
    if (object.path("metadata").hasNonNull("deletionTimestamp")) {
      return object;
    }
    ObjectNode marked = object.deepCopy();
    Json.metadata(marked)
        .put("deletionTimestamp", writer.now())
        .put("deletionGracePeriodSeconds", grace);
    return store.put(type, key, marked, store.get(type, key).owners());
  }

  /** Deletes what the gone object owned. */
  private void collect(ObjectNode owner) {
    String uid = Json.uid(owner);
    for (ResourceType type : catalogue.all()) {
      for (ObjectNode object : store.list(type, "")) {
        if (isOwnedBy(object, uid)) {
          deleteIfPresent(type, object);
        }
      }
    }
  }

  private static boolean isOwnedBy(ObjectNode object, String uid) {
    for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
      if (reference.path("uid").asText().equals(uid)) {
        return true;
      }
    }
    return false;
  }

  private void empty(String namespace) {
    for (ResourceType type : catalogue.all()) {
      if (type.namespaced()) {
        store.list(type, namespace).forEach(object -> deleteIfPresent(type, object));
      }
    }
  }

  private void deleteIfPresent(ResourceType type, ObjectNode object) {
    ObjectKey key =
        new ObjectKey(type.namespaced() ? Json.namespace(object) : "", Json.name(object));
    if (store.get(type, key) != null) {
      delete(type, key, Json.empty());
    }
  }
}
