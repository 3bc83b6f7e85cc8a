package dev.fleetway.operator;

import io.javaoperatorsdk.operator.Operator;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * {@code /healthz}: this process is alive and, once it leads, its informers are. {@code /readyz}:
 * it leads or could take over. By Vert.x, which the client brings along: the JDK's own server is in
 * a module that slim runtimes leave out.
 */
final class HealthEndpoint implements AutoCloseable {
  private static final Set<String> PATHS = Set.of("/healthz", "/readyz");

  private final Vertx vertx;

  private HealthEndpoint(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Port 0: no endpoint. */
  static HealthEndpoint start(int port, Operator operator) {
    if (port == 0) {
      return new HealthEndpoint(null);
    }
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    vertx
        .createHttpServer()
        .requestHandler(request -> answer(request, operator))
        .listen(port)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return new HealthEndpoint(vertx);
  }

  /** A replica that waits for the lease has not started its informers: that is fine. */
  private static boolean isHealthy(Operator operator) {
    return !operator.getRuntimeInfo().isStarted()
        || operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  private static void answer(HttpServerRequest request, Operator operator) {
    if (!PATHS.contains(request.path())) {
      request.response().setStatusCode(404).end();
      return;
    }
    boolean healthy = isHealthy(operator);
    request.response().setStatusCode(healthy ? 200 : 503).end(healthy ? "ok" : "unhealthy");
  }

  @Override
  public void close() {
    if (vertx != null) {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
