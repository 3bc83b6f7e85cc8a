package dev.fleetway.sandbox.api;

import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import io.fabric8.mockwebserver.vertx.HttpServerRequestHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The endpoint inside this process. Requests and WebSockets (the watches of Fabric8 clients) are
 * served by the Fabric8 mock server's handler; the mock cannot stream a response, so the watches of
 * kubectl, which are streams, are served beside it.
 */
final class EmbeddedApi implements ApiEndpoint {
  private static final int NORMAL_CLOSURE = 1000;

  private final Vertx vertx = Vertx.vertx();
  private final ApiDispatcher dispatcher = new ApiDispatcher(Clock.systemUTC());
  private final HttpServer server;

  private EmbeddedApi() {
    HttpServerRequestHandler mock =
        new HttpServerRequestHandler(vertx) {
          @Override
          protected MockResponse onHttpRequest(RecordedRequest request) {
            return isWatch(request)
                ? new MockResponse().withWebSocketUpgrade(new WatchListener())
                : dispatcher.dispatch(request);
          }
        };
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(request -> handle(request, mock));
  }

  static EmbeddedApi start() {
    EmbeddedApi api = new EmbeddedApi();
    await(api.server.listen());
    try (var client = api.newClient()) {
      CustomResources.install(client);
    }
    return api;
  }

  private static boolean isWatch(RecordedRequest request) {
    return ApiDispatcher.isWatch(request.getMethod(), request.getPath());
  }

  private void handle(HttpServerRequest request, HttpServerRequestHandler mock) {
    boolean upgrade = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    if (!upgrade && ApiDispatcher.isWatch(request.method().name(), request.uri())) {
      stream(request);
    } else {
      mock.handle(request);
    }
  }

  private void stream(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.setChunked(true).putHeader("Content-Type", "application/json");
    try {
      Runnable stop =
          dispatcher.watch(
              request.uri(),
              request.getHeader("Accept"),
              event -> {
                if (!response.ended() && !response.closed()) {
                  response.write(event + "\n");
                }
              });
      // the head goes out at once: clients wait for it before they read events
      response.write("\n");
      if (stop == null) {
        response.end();
        return;
      }
      response.closeHandler(closed -> stop.run());
      endAfterTimeout(
          request.uri(),
          () -> {
            stop.run();
            if (!response.ended() && !response.closed()) {
              response.end();
            }
          });
    } catch (ApiException e) {
      response.setStatusCode(e.code()).setChunked(false).end(e.toStatus().toString());
    }
  }

  private void endAfterTimeout(String url, Runnable end) {
    String seconds = RequestPath.query(url).getOrDefault("timeoutSeconds", "");
    if (!seconds.isEmpty() && !seconds.equals("0")) {
      vertx.setTimer(Long.parseLong(seconds) * 1000, timer -> end.run());
    }
  }

  @Override
  public String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: sandbox
      cluster:
        server: http://127.0.0.1:%d
    contexts:
    - name: sandbox
      context:
        cluster: sandbox
        user: sandbox
        namespace: default
    users:
    - name: sandbox
      user: {}
    current-context: sandbox
    """
        .formatted(server.actualPort());
  }

  @Override
  public String description() {
    return "embedded API";
  }

  @Override
  public void close() {
    await(server.close());
    await(vertx.close());
  }

  private static <T> void await(Future<T> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }

  /** A watch over a WebSocket, one frame per event. */
  private final class WatchListener extends WebSocketListener {
    private final AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});

    @Override
    public void onOpen(WebSocket socket, Response response) {
      RecordedRequest request = socket.request();
      try {
        Runnable started =
            dispatcher.watch(request.getPath(), request.getHeader("Accept"), socket::send);
        if (started == null) {
          socket.close(NORMAL_CLOSURE, "");
          return;
        }
        stop.set(started);
        endAfterTimeout(
            request.getPath(),
            () -> {
              started.run();
              socket.close(NORMAL_CLOSURE, "");
            });
      } catch (ApiException e) {
        socket.send(Json.empty().put("type", "ERROR").set("object", e.toStatus()).toString());
        socket.close(NORMAL_CLOSURE, "");
      }
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
      stop.get().run();
    }

    @Override
    public void onFailure(WebSocket socket, Throwable error, Response response) {
      stop.get().run();
    }
  }
}
