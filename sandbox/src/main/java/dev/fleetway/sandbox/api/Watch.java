package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.sandbox.api.ObjectStore.Change;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One open watch: turns changes into watch events for those who match. An object that stops
 * matching is DELETED for this watch, one that starts matching is ADDED. Start, events and stop
 * happen under the lock of the store.
 */
final class Watch {
  private final ObjectStore store;
  private final ResourceType type;
  private final RequestPath request;
  private final Predicate<ObjectNode> matches;
  private final UnaryOperator<ObjectNode> presentation;
  private final Consumer<String> sink;
  private final Consumer<Change> listener = this::onChange;

  Watch(
      ObjectStore store,
      ResourceType type,
      RequestPath request,
      Predicate<ObjectNode> matches,
      UnaryOperator<ObjectNode> presentation,
      Consumer<String> sink) {
    this.store = store;
    this.type = type;
    this.request = request;
    this.matches = matches;
    this.presentation = presentation;
    this.sink = sink;
  }

  /** Sends what the client has not seen, then whatever comes. False: the version is too old. */
  boolean start() {
    String since = request.parameter("resourceVersion");
    boolean fromScratch = since.isEmpty() || since.equals("0") || wantsInitialEvents();
    if (fromScratch) {
      store.list(type, request.namespace()).stream()
          .filter(matches)
          .forEach(object -> send("ADDED", object));
      if (wantsInitialEvents()) {
        send("BOOKMARK", bookmark());
      }
    } else {
      List<Change> missed = store.changesSince(type, Long.parseLong(since));
      if (missed == null) {
        sink.accept(event("ERROR", ApiException.expired().toStatus()));
        return false;
      }
      missed.forEach(this::onChange);
    }
    store.listen(listener);
    return true;
  }

  void stop() {
    store.forget(listener);
  }

  private boolean wantsInitialEvents() {
    return request.parameter("sendInitialEvents").equals("true");
  }

  private ObjectNode bookmark() {
    ObjectNode mark = Json.object(type.apiVersion(), type.kind());
    ObjectNode metadata = Json.metadata(mark);
    metadata.put("resourceVersion", String.valueOf(store.version()));
    metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    return mark;
  }

  private void onChange(Change change) {
    if (!change.resource().equals(type.qualified())) {
      return;
    }
    boolean before = concerns(change.before());
    boolean after = concerns(change.after());
    if (after) {
      send(before ? "MODIFIED" : "ADDED", change.after());
    } else if (before) {
      ObjectNode last = change.before().deepCopy();
      Json.metadata(last).put("resourceVersion", String.valueOf(change.version()));
      send("DELETED", last);
    }
  }

  private boolean concerns(ObjectNode object) {
    return object != null
        && (request.namespace().isEmpty() || request.namespace().equals(Json.namespace(object)))
        && (request.name().isEmpty() || request.name().equals(Json.name(object)))
        && matches.test(object);
  }

  private void send(String event, ObjectNode object) {
    sink.accept(event(event, event.equals("BOOKMARK") ? object : presentation.apply(object)));
  }

  private static String event(String event, JsonNode object) {
    return Json.empty().put("type", event).set("object", object).toString();
  }
}
