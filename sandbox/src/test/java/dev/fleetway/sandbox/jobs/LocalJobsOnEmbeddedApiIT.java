package dev.fleetway.sandbox.jobs;

import dev.fleetway.sandbox.api.ApiEndpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class LocalJobsOnEmbeddedApiIT extends LocalJobsContract {
  private static ApiEndpoint api;
  private static KubernetesClient client;

  @BeforeAll
  static void startApi() {
    api = ApiEndpoint.embedded();
    client = api.newClient();
  }

  @AfterAll
  static void stopApi() {
    client.close();
    api.close();
  }

  @Override
  KubernetesClient client() {
    return client;
  }
}
