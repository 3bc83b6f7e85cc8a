package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.sandbox.api.ObjectStore.Stored;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one API endpoint, one at a time: routes them to discovery, access
 * reviews, and the objects. Replaces the CRUD dispatcher of the mock server, see the package's page
 * for why.
 */
final class ApiDispatcher extends Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(ApiDispatcher.class);

  private final ResourceCatalogue catalogue = new ResourceCatalogue();
  private final ObjectStore store = new ObjectStore();
  private final Discovery discovery = new Discovery(catalogue);
  private final ObjectWriter writer;
  private final ObjectRemover remover;
  private final ObjectPatcher patcher;
  private final Tables tables;

  ApiDispatcher(Clock clock) {
    writer = new ObjectWriter(store, catalogue, clock);
    remover = new ObjectRemover(store, catalogue, writer);
    patcher = new ObjectPatcher(store, writer);
    tables = new Tables(clock);
    for (String namespace : List.of("default", "kube-system")) {
      ObjectNode object = Json.empty();
      Json.metadata(object).put("name", namespace);
      writer.create(ResourceCatalogue.NAMESPACES, "", object, FieldOwners.NONE);
    }
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    try {
      return response(request.getMethod().equals("POST") ? 201 : 200, answer(request));
    } catch (ApiException e) {
      return refusal(e);
    } catch (RuntimeException e) {
      // without an answer the client would wait for ever
      LOG.error("{} {} failed", request.getMethod(), request.getPath(), e);
      return refusal(ApiException.internal(e));
    }
  }

  private static MockResponse refusal(ApiException e) {
    return response(e.code(), e.toStatus());
  }

  private static MockResponse response(int code, JsonNode body) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(body.toString());
  }

  private synchronized JsonNode answer(RecordedRequest request) {
    String url = request.getPath();
    Optional<ObjectNode> aboutApi = discovery.answer(RequestPath.segments(url));
    if (aboutApi.isPresent()) {
      return aboutApi.get();
    }
    RequestPath path = RequestPath.parse(url);
    if (path == null) {
      throw ApiException.noSuchPath();
    }
    String format = request.getHeader("Content-Type");
    if (format != null && format.contains("protobuf")) {
      throw ApiException.unsupportedFormat(format);
    }
    String body = request.getUtf8Body();
    Optional<ObjectNode> review = AccessReviews.answer(path, body);
    if (review.isPresent()) {
      return review.get();
    }
    ResourceType type = type(path);
    String content = body == null ? "" : body;
    JsonNode result =
        path.parameter("dryRun").isEmpty()
            ? carryOut(type, path, request, content)
            : store.rehearse(() -> carryOut(type, path, request, content));
    if (Tables.wanted(request.getHeader("Accept"))
        && result instanceof ObjectNode object
        && type.kind().equals(object.path("kind").asText())) {
      return table(type, List.of(object), path);
    }
    return result;
  }

  private ResourceType type(RequestPath path) {
    return catalogue
        .find(path.groupPath(), path.plural())
        .filter(found -> List.of("", "status", "finalize").contains(path.subresource()))
        .orElseThrow(ApiException::noSuchPath);
  }

  private JsonNode carryOut(
      ResourceType type, RequestPath path, RecordedRequest request, String body) {
    ObjectKey key = new ObjectKey(path.namespace(), path.name());
    if (path.name().isEmpty()) {
      return switch (request.getMethod()) {
        case "GET" -> list(type, path, Tables.wanted(request.getHeader("Accept")));
        case "POST" ->
            writer.create(type, path.namespace(), Json.readObject(body), FieldOwners.NONE);
        case "DELETE" -> deleteAll(type, path, body);
        default -> throw ApiException.notAllowed();
      };
    }
    return switch (request.getMethod()) {
      case "GET" -> existing(type, key).object();
      case "PUT" -> put(type, key, Json.readObject(body), path.subresource());
      case "PATCH" -> patcher.patch(type, key, path, request.getHeader("Content-Type"), body);
      case "DELETE" -> delete(type, key, body);
      default -> throw ApiException.notAllowed();
    };
  }

  private Stored existing(ResourceType type, ObjectKey key) {
    Stored stored = store.get(type, key);
    if (stored == null) {
      throw ApiException.notFound(type, key.name());
    }
    return stored;
  }

  private ObjectNode put(
      ResourceType type, ObjectKey key, ObjectNode incoming, String subresource) {
    Stored stored = existing(type, key);
    return writer.update(
        type, key, incoming, subresource, stored.owners().changed(stored.object(), incoming, ""));
  }

  private ObjectNode delete(ResourceType type, ObjectKey key, String body) {
    existing(type, key);
    ObjectNode last =
        remover.delete(type, key, body.isEmpty() ? Json.empty() : Json.readObject(body));
    if (store.get(type, key) != null) {
      return last;
    }
    ObjectNode status = Json.object("v1", "Status").put("status", "Success");
    status.putObject("metadata");
    status
        .putObject("details")
        .put("name", key.name())
        .put("group", type.group())
        .put("kind", type.plural())
        .put("uid", Json.uid(last));
    return status;
  }

  private ObjectNode deleteAll(ResourceType type, RequestPath path, String body) {
    JsonNode options = body.isEmpty() ? Json.empty() : Json.readObject(body);
    for (ObjectNode object : selected(type, path)) {
      remover.delete(type, new ObjectKey(Json.namespace(object), Json.name(object)), options);
    }
    return Json.object("v1", "Status").put("status", "Success");
  }

  private List<ObjectNode> selected(ResourceType type, RequestPath path) {
    return store.list(type, path.namespace()).stream().filter(selector(type, path)).toList();
  }

  private static Predicate<ObjectNode> selector(ResourceType type, RequestPath path) {
    return Selectors.labels(path.parameter("labelSelector"))
        .and(Selectors.fields(path.parameter("fieldSelector"), type));
  }

  private ObjectNode list(ResourceType type, RequestPath path, boolean asTable) {
    List<ObjectNode> objects = selected(type, path);
    if (asTable) {
      return table(type, objects, path);
    }
    ObjectNode list = Json.object(type.apiVersion(), type.kind() + "List");
    Json.metadata(list).put("resourceVersion", String.valueOf(store.version()));
    ArrayNode items = list.putArray("items");
    objects.forEach(items::add);
    return list;
  }

  private ObjectNode table(ResourceType type, List<ObjectNode> objects, RequestPath path) {
    return tables.of(
        type, objects, String.valueOf(store.version()), path.parameter("includeObject"));
  }

  /** Is this a request that {@link #watch} answers? */
  static boolean isWatch(String method, String url) {
    RequestPath path = method.equals("GET") ? RequestPath.parse(url) : null;
    return path != null && path.isWatch();
  }

  /**
   * Opens a watch: events go to {@code sink} until the returned action is run; {@code null} when it
   * ended at once because the version is too old.
   */
  synchronized Runnable watch(String url, String accept, Consumer<String> sink) {
    RequestPath path = RequestPath.parse(url);
    ResourceType type = type(path);
    UnaryOperator<ObjectNode> presentation =
        Tables.wanted(accept) ? object -> table(type, List.of(object), path) : object -> object;
    Watch watch = new Watch(store, type, path, selector(type, path), presentation, sink);
    return watch.start() ? () -> stop(watch) : null;
  }

  private synchronized void stop(Watch watch) {
    watch.stop();
  }
}
