package dev.fleetway.sandbox.rollout;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;

@RealApiServer
class ApiServerRolloutIT extends RolloutContract {
  private final ApiServer server;

  ApiServerRolloutIT(ApiServer server) {
    this.server = server;
  }

  @Override
  KubernetesClient newClient() {
    return server.client("default");
  }

  @Override
  String freshNamespace() {
    return server.freshNamespace("rollout");
  }
}
