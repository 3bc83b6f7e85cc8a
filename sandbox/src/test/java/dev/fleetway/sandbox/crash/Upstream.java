package dev.fleetway.sandbox.crash;

import dev.fleetway.sandbox.api.ApiEndpoint;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TCPSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;

/** The API server as {@link ApiWire}s reach it: as its administrator. */
final class Upstream implements AutoCloseable {
  private static final int CONNECTIONS = 100;
  private static final int WATCHES = 10_000;
  private static final int LARGEST_EVENT = 1 << 22;

  /** One thread carries all wires: what they count needs no lock. */
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

  private final HttpClient http;
  private final WebSocketClient webSockets;

  private Upstream(URI server, Config config) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(server.getHost())
            .setDefaultPort(server.getPort())
            .setMaxPoolSize(CONNECTIONS);
    WebSocketClientOptions watching =
        new WebSocketClientOptions()
            .setDefaultHost(server.getHost())
            .setDefaultPort(server.getPort())
            .setMaxConnections(WATCHES)
            .setMaxFrameSize(LARGEST_EVENT)
            .setMaxMessageSize(LARGEST_EVENT);
    if (server.getScheme().equals("https")) {
      secure(options.setSsl(true), config);
      secure(watching.setSsl(true), config);
    }
    this.http = vertx.createHttpClient(options);
    this.webSockets = vertx.createWebSocketClient(watching);
  }

  static Upstream of(ApiEndpoint api) {
    Config config = Config.fromKubeconfig(api.kubeconfig());
    return new Upstream(URI.create(config.getMasterUrl()), config);
  }

  private static void secure(TCPSSLOptions options, Config config) {
    try {
      for (KeyManager manager : SSLUtils.keyManagers(config)) {
        options.setKeyCertOptions(KeyCertOptions.wrap((X509KeyManager) manager));
      }
      for (TrustManager manager : SSLUtils.trustManagers(config)) {
        options.setTrustOptions(TrustOptions.wrap(manager));
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  HttpClient http() {
    return http;
  }

  WebSocketClient webSockets() {
    return webSockets;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
