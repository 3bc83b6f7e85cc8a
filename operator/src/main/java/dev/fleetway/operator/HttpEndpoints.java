package dev.fleetway.operator;

import dev.fleetway.operator.metrics.OperatorMetrics;
import io.javaoperatorsdk.operator.Operator;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /healthz}: this process is alive and, once it leads, its informers are. {@code /readyz}:
 * it leads or could take over. {@code /metrics}, on a port of its own: a network policy can tell a
 * kubelet from a Prometheus by nothing else. By Vert.x, which the client brings along: the JDK's
 * own server is in a module that slim runtimes leave out.
 */
final class HttpEndpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);
  private static final Set<String> HEALTH_PATHS = Set.of("/healthz", "/readyz");
  private static final String METRICS_PATH = "/metrics";
  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final Vertx vertx;

  private HttpEndpoints(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Port 0: no endpoint. */
  static HttpEndpoints start(
      OperatorSettings settings, Operator operator, OperatorMetrics metrics) {
    if (settings.healthPort() == 0 && settings.metricsPort() == 0) {
      return new HttpEndpoints(null);
    }
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    HttpEndpoints endpoints = new HttpEndpoints(vertx);
    try {
      endpoints.listen(settings.healthPort(), request -> answerHealth(request, operator));
      endpoints.listen(settings.metricsPort(), request -> endpoints.scrape(request, metrics));
    } catch (RuntimeException e) {
      endpoints.close();
      throw e;
    }
    return endpoints;
  }

  private void listen(int port, Handler<HttpServerRequest> handler) {
    if (port != 0) {
      vertx
          .createHttpServer()
          .requestHandler(handler)
          .listen(port)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  /** A replica that waits for the lease has not started its informers: that is fine. */
  private static boolean isHealthy(Operator operator) {
    return !operator.getRuntimeInfo().isStarted()
        || operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  private static void answerHealth(HttpServerRequest request, Operator operator) {
    if (!HEALTH_PATHS.contains(request.path())) {
      request.response().setStatusCode(404).end();
      return;
    }
    boolean healthy = isHealthy(operator);
    request.response().setStatusCode(healthy ? 200 : 503).end(healthy ? "ok" : "unhealthy");
  }

  /** Ten thousand tenants are counted beside the event loop, which answers the kubelet. */
  private void scrape(HttpServerRequest request, OperatorMetrics metrics) {
    if (!METRICS_PATH.equals(request.path())) {
      request.response().setStatusCode(404).end();
      return;
    }
    vertx
        .executeBlocking(metrics::scrape)
        .onSuccess(text -> request.response().putHeader("Content-Type", TEXT_FORMAT).end(text))
        .onFailure(
            error -> {
              LOG.warn("the metrics cannot be told", error);
              request.response().setStatusCode(500).end();
            });
  }

  @Override
  public void close() {
    if (vertx != null) {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
