package dev.fleetway.sandbox.jobs;

import dev.fleetway.api.testing.RealApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;

@RealApiServer
class LocalJobsOnRealApiIT extends LocalJobsContract {
  private final KubernetesClient client;

  LocalJobsOnRealApiIT(KubernetesClient client) {
    this.client = client;
  }

  @Override
  KubernetesClient client() {
    return client;
  }
}
