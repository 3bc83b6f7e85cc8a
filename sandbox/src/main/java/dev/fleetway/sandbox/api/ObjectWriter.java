package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.sandbox.api.ObjectStore.Stored;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * Create and update with what an API server adds to them: identity, versions, generations,
 * isolation of the status, defaults, finalizers.
 */
final class ObjectWriter {
  private static final List<String> SERVER_FIELDS =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds");

  private final ObjectStore store;
  private final ResourceCatalogue catalogue;
  private final Clock clock;

  ObjectWriter(ObjectStore store, ResourceCatalogue catalogue, Clock clock) {
    this.store = store;
    this.catalogue = catalogue;
    this.clock = clock;
  }

  String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  ObjectNode create(ResourceType type, String namespace, ObjectNode incoming, FieldOwners owners) {
    ObjectNode object = incoming.deepCopy();
    ObjectNode metadata = Json.metadata(object);
    if (!metadata.hasNonNull("name") && metadata.hasNonNull("generateName")) {
      String suffix = UUID.randomUUID().toString().substring(0, 5);
      metadata.put("name", metadata.get("generateName").asText() + suffix);
    }
    String name = metadata.path("name").asText();
    if (name.isEmpty()) {
      throw ApiException.invalid(type, "", "metadata.name: Required value: name is required");
    }
    ObjectKey key = new ObjectKey(type.namespaced() ? namespace : "", name);
    if (store.get(type, key) != null) {
      throw ApiException.alreadyExists(type, name);
    }
    if (type.namespaced()
        && store.get(ResourceCatalogue.NAMESPACES, new ObjectKey("", namespace)) == null) {
      throw ApiException.notFound(ResourceCatalogue.NAMESPACES, namespace);
    }
    SERVER_FIELDS.stream().filter(field -> !field.equals("name")).forEach(metadata::remove);
    metadata.remove("managedFields");
    if (type.namespaced()) {
      metadata.put("namespace", namespace);
    }
    metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
    if (type.countsGenerations()) {
      metadata.put("generation", 1);
    }
    if (type.hasStatus()) {
      object.remove("status");
    }
    object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    BuiltInRules.onCreate(type, object);
    checkSchema(type, name, object);
    if (type.equals(ResourceCatalogue.CRDS)) {
      catalogue.define(object);
    }
    return store.put(type, key, object, owners);
  }

  /**
   * Replaces the object, or only its status; what changed nothing is not written. A namespace-less
   * {@code incoming} version means that any version will do.
   */
  ObjectNode update(
      ResourceType type,
      ObjectKey key,
      ObjectNode incoming,
      String subresource,
      FieldOwners owners) {
    Stored stored = store.get(type, key);
    ObjectNode old = stored.object();
    refuseStale(type, old, incoming);
    ObjectNode object;
    if (subresource.equals("status")) {
      object = old.deepCopy();
      replace(object, "status", incoming.path("status"));
    } else {
      object = incoming.deepCopy();
      if (type.hasStatus()) {
        replace(object, "status", old.path("status"));
      }
      keepServerFields(old, object);
    }
    object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    BuiltInRules.onUpdate(type, old, object);
    checkSchema(type, key.name(), object);
    if (type.countsGenerations() && !content(old).equals(content(object))) {
      Json.metadata(object).put("generation", old.path("metadata").path("generation").asLong() + 1);
    }
    Json.metadata(object).set("resourceVersion", old.path("metadata").path("resourceVersion"));
    if (type.equals(ResourceCatalogue.CRDS)) {
      catalogue.define(object);
    }
    boolean released = isReleased(object);
    if (object.equals(old) && !released) {
      return owners.equals(stored.owners()) ? old : store.put(type, key, object, owners);
    }
    ObjectNode written = store.put(type, key, object, owners);
    return released ? store.remove(type, key) : written;
  }

  private static void refuseStale(ResourceType type, ObjectNode old, ObjectNode incoming) {
    JsonNode metadata = incoming.path("metadata");
    String name = Json.name(old);
    String version = metadata.path("resourceVersion").asText();
    if (!version.isEmpty()
        && !version.equals(old.path("metadata").path("resourceVersion").asText())) {
      throw ApiException.conflict(
          type,
          name,
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
    String uid = metadata.path("uid").asText();
    if (!uid.isEmpty() && !uid.equals(Json.uid(old))) {
      throw ApiException.conflict(
          type,
          name,
          "Precondition failed: UID in precondition: "
              + uid
              + ", UID in object meta: "
              + Json.uid(old));
    }
  }

  private static void keepServerFields(ObjectNode old, ObjectNode object) {
    ObjectNode metadata = Json.metadata(object);
    SERVER_FIELDS.forEach(field -> replace(metadata, field, old.path("metadata").path(field)));
    metadata.remove("managedFields");
  }

  private static void replace(ObjectNode object, String field, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      object.remove(field);
    } else {
      object.set(field, value.deepCopy());
    }
  }

  private static void checkSchema(ResourceType type, String name, ObjectNode object) {
    if (type.isCustom()) {
      SchemaRules.applyDefaults(object, type.schema());
      List<String> violations = SchemaRules.violations(object, type.schema());
      if (!violations.isEmpty()) {
        throw ApiException.invalid(type, name, String.join(", ", violations));
      }
    }
  }

  private static ObjectNode content(ObjectNode object) {
    ObjectNode content = object.deepCopy();
    content.remove("metadata");
    content.remove("status");
    return content;
  }

  /** Deletion was asked for and the last finalizer is gone. Pods also wait for their grace time. */
  private static boolean isReleased(ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    return metadata.hasNonNull("deletionTimestamp")
        && metadata.path("finalizers").isEmpty()
        && metadata.path("deletionGracePeriodSeconds").asInt() == 0;
  }
}
