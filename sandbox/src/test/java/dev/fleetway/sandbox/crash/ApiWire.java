package dev.fleetway.sandbox.crash;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The connection of one operator process to its API server: a proxy that notes every write, and
 * lets go wrong what its {@link Fate} says. A process is dead, as far as an API server can tell,
 * when no further request comes.
 */
final class ApiWire implements AutoCloseable {
  private static final int CREATED = 201;
  private static final int UNAVAILABLE = 503;
  private static final long LAG_MILLIS = 2_000;

  /** Each hop sets these itself. */
  private static final Set<String> PER_HOP =
      Set.of("host", "connection", "upgrade", "content-length", "transfer-encoding");

  private final Upstream upstream;
  private final Fate fate;
  private final HttpServer server;
  private final List<Write> writes = new ArrayList<>();
  private final List<String> created = new ArrayList<>();
  private final Map<String, Integer> occurrences = new HashMap<>();
  private final CompletableFuture<Void> death = new CompletableFuture<>();
  private boolean cut;
  private long lagEnds;

  private ApiWire(Upstream upstream, Fate fate) {
    this.upstream = upstream;
    this.fate = fate;
    this.server =
        upstream
            .vertx()
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(this::receive);
  }

  static ApiWire open(Upstream upstream, Fate fate) {
    ApiWire wire = new ApiWire(upstream, fate);
    wire.server.listen().toCompletionStage().toCompletableFuture().join();
    return wire;
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  private void receive(HttpServerRequest request) {
    if ("websocket".equalsIgnoreCase(request.getHeader("upgrade"))) {
      watch(request);
    } else {
      request.body().onSuccess(body -> handle(request, body));
    }
  }

  private void handle(HttpServerRequest request, Buffer body) {
    if (cut) {
      request.connection().close();
      return;
    }
    Optional<String> named = Write.named(request.method().name(), request.path(), body.toString());
    if (named.isEmpty()) {
      forward(request, body).onSuccess(answer -> reply(request, answer));
      return;
    }
    Write write = new Write(named.get(), occurrences.merge(named.get(), 1, Integer::sum));
    synchronized (this) {
      writes.add(write);
    }
    Optional<Fault> fault = fate.of(write);
    if (fault.isEmpty()) {
      forward(request, body, write).onSuccess(answer -> reply(request, answer));
    } else {
      strike(fault.get(), request, body, write);
    }
  }

  private void strike(Fault fault, HttpServerRequest request, Buffer body, Write write) {
    switch (fault) {
      case KILLED_BEFORE -> die();
      case KILLED_AFTER -> {
        cut = true;
        forward(request, body, write).onComplete(answer -> die());
      }
      case ANSWER_LOST ->
          forward(request, body, write).onComplete(answer -> request.connection().close());
      case CONFLICT -> refuse(request, 409, "Conflict");
      case TOO_MANY_REQUESTS -> {
        request.response().putHeader("Retry-After", "1");
        refuse(request, 429, "TooManyRequests");
      }
      case SERVER_ERROR -> refuse(request, 500, "InternalError");
      case WATCH_LAGS -> {
        lagEnds = System.currentTimeMillis() + LAG_MILLIS;
        forward(request, body, write).onSuccess(answer -> reply(request, answer));
      }
    }
  }

  private void die() {
    cut = true;
    server.close().onComplete(closed -> death.complete(null));
  }

  private static void refuse(HttpServerRequest request, int code, String reason) {
    request
        .response()
        .setStatusCode(code)
        .putHeader("Content-Type", "application/json")
        .end(
            """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
            "message":"as the test wants it","reason":"%s","code":%d}"""
                .formatted(reason, code));
  }

  private record Answer(int code, MultiMap headers, Buffer body) {}

  private Future<Answer> forward(HttpServerRequest request, Buffer body, Write write) {
    return forward(request, body)
        .onSuccess(
            answer -> {
              if (answer.code() == CREATED && !write.isEvent()) {
                synchronized (this) {
                  created.add(write.what());
                }
              }
            });
  }

  private Future<Answer> forward(HttpServerRequest request, Buffer body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setURI(request.uri())
            .setHeaders(endToEnd(request.headers()));
    return upstream
        .http()
        .request(options)
        .compose(sent -> sent.send(body))
        .compose(
            response ->
                response
                    .body()
                    .map(text -> new Answer(response.statusCode(), response.headers(), text)))
        .onFailure(unreachable -> request.connection().close());
  }

  private static void reply(HttpServerRequest request, Answer answer) {
    request.response().setStatusCode(answer.code());
    request.response().headers().addAll(endToEnd(answer.headers()));
    request.response().end(answer.body());
  }

  private static MultiMap endToEnd(MultiMap headers) {
    MultiMap kept = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    PER_HOP.forEach(kept::remove);
    return kept;
  }

  private void watch(HttpServerRequest request) {
    request.pause();
    MultiMap headers = endToEnd(request.headers());
    headers.names().stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("sec-websocket"))
        .toList()
        .forEach(headers::remove);
    upstream
        .webSockets()
        .connect(new WebSocketConnectOptions().setURI(request.uri()).setHeaders(headers))
        .onSuccess(
            up -> {
              up.pause();
              request.toWebSocket().onSuccess(down -> pipe(up, down)).onFailure(gone -> up.close());
            })
        .onFailure(
            refused ->
                request
                    .response()
                    .setStatusCode(
                        refused instanceof UpgradeRejectedException upgrade
                            ? upgrade.getStatus()
                            : UNAVAILABLE)
                    .end());
  }

  /** In order, and each event as late as the lag wants it. */
  private void pipe(WebSocket up, ServerWebSocket down) {
    up.textMessageHandler(
        event -> {
          long late = lagEnds - System.currentTimeMillis();
          if (late <= 0) {
            down.writeTextMessage(event);
          } else {
            // equal delays fire in the order in which they were set
            up.pause();
            upstream
                .vertx()
                .setTimer(
                    late,
                    timer -> {
                      down.writeTextMessage(event);
                      up.resume();
                    });
          }
        });
    up.closeHandler(closed -> down.close());
    down.closeHandler(closed -> up.close());
    up.resume();
  }

  /** Completes when the operator has died; never without a deadly fault. */
  CompletableFuture<Void> death() {
    return death;
  }

  synchronized List<Write> writes() {
    return List.copyOf(writes);
  }

  /** The objects that were created, each as often as the API server said so. */
  synchronized List<String> created() {
    return List.copyOf(created);
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
