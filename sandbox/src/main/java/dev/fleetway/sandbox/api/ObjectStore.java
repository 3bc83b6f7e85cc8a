package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The objects, their versions, and the recent changes that a late watch catches up with. Objects in
 * here are never modified, only replaced. Callers hold the lock of the store.
 */
final class ObjectStore {
  private static final int REMEMBERED_CHANGES = 20_000;

  /** An object and who applied its fields. */
  record Stored(ObjectNode object, FieldOwners owners) {}

  /**
   * One change of one object: {@code before} is null for a new one, {@code after} for one that is
   * gone.
   */
  record Change(String resource, long version, ObjectNode before, ObjectNode after) {}

  private final Map<String, TreeMap<ObjectKey, Stored>> resources = new TreeMap<>();
  private final Deque<Change> changes = new ArrayDeque<>();
  private final Set<Consumer<Change>> listeners = new CopyOnWriteArraySet<>();
  private long version = 1;
  private boolean rehearsing;

  long version() {
    return version;
  }

  Stored get(ResourceType type, ObjectKey key) {
    return objects(type).get(key);
  }

  List<ObjectNode> list(ResourceType type, String namespace) {
    return objects(type).entrySet().stream()
        .filter(entry -> namespace.isEmpty() || entry.getKey().namespace().equals(namespace))
        .map(entry -> entry.getValue().object())
        .toList();
  }

  /** Carries out an action whose writes are not kept: a dry run. */
  <T> T rehearse(Supplier<T> action) {
    rehearsing = true;
    try {
      return action.get();
    } finally {
      rehearsing = false;
    }
  }

  /** Stores the object under the next version, which is written into it. */
  ObjectNode put(ResourceType type, ObjectKey key, ObjectNode object, FieldOwners owners) {
    if (rehearsing) {
      return object;
    }
    version++;
    Json.metadata(object).put("resourceVersion", String.valueOf(version));
    Stored before = objects(type).put(key, new Stored(object, owners));
    tell(new Change(type.qualified(), version, before == null ? null : before.object(), object));
    return object;
  }

  /** Removes the object and gives its last state, under the version of the removal. */
  ObjectNode remove(ResourceType type, ObjectKey key) {
    if (rehearsing) {
      return objects(type).get(key).object();
    }
    version++;
    ObjectNode before = objects(type).remove(key).object();
    ObjectNode last = before.deepCopy();
    Json.metadata(last).put("resourceVersion", String.valueOf(version));
    tell(new Change(type.qualified(), version, last, null));
    return last;
  }

  private Map<ObjectKey, Stored> objects(ResourceType type) {
    return resources.computeIfAbsent(type.qualified(), unused -> new TreeMap<>());
  }

  private void tell(Change change) {
    changes.addLast(change);
    if (changes.size() > REMEMBERED_CHANGES) {
      changes.removeFirst();
    }
    listeners.forEach(listener -> listener.accept(change));
  }

  /** The changes of one resource after a version; null when some are forgotten. */
  List<Change> changesSince(ResourceType type, long since) {
    if (changes.size() == REMEMBERED_CHANGES && changes.peekFirst().version() > since + 1) {
      return null;
    }
    List<Change> after = new ArrayList<>();
    for (Change change : changes) {
      if (change.version() > since && change.resource().equals(type.qualified())) {
        after.add(change);
      }
    }
    return after;
  }

  void listen(Consumer<Change> listener) {
    listeners.add(listener);
  }

  void forget(Consumer<Change> listener) {
    listeners.remove(listener);
  }
}
