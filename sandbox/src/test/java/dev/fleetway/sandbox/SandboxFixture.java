package dev.fleetway.sandbox;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.sandbox.api.ApiEndpoint;
import java.nio.file.Path;

/** Sandboxes for tests; the build says where the project is. */
public final class SandboxFixture {
  private SandboxFixture() {}

  /** With an API server of its own. */
  public static Sandbox onEmbeddedApi(String name) {
    return Sandbox.start(SandboxSettings.of(home(), name, ApiEndpoint::embedded));
  }

  /** In a fresh namespace of an API server that others use too. */
  public static Sandbox on(ApiServer server, String name) {
    return Sandbox.start(
        SandboxSettings.of(home(), name + "-real", () -> endpoint(server))
            .inNamespace(server.freshNamespace(name)));
  }

  /** The server as an endpoint; closing it does nothing. */
  public static ApiEndpoint endpoint(ApiServer server) {
    return new Shared(server);
  }

  private static Path home() {
    return Path.of(System.getProperty("fleetway.home"));
  }

  /** An API server that somebody else starts and stops. */
  private record Shared(ApiServer server) implements ApiEndpoint {
    @Override
    public String kubeconfig() {
      return server.kubeConfigYaml();
    }

    @Override
    public String description() {
      return "a running API server";
    }

    @Override
    public void close() {
      // not ours
    }
  }
}
