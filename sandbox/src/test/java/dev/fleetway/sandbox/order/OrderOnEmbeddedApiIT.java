package dev.fleetway.sandbox.order;

import dev.fleetway.sandbox.api.ApiEndpoint;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class OrderOnEmbeddedApiIT extends OrderContract {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static ApiEndpoint api;

  OrderOnEmbeddedApiIT() {
    super(new Embedded());
  }

  @BeforeAll
  static void startApi() {
    api = ApiEndpoint.embedded();
  }

  @AfterAll
  static void stopApi() {
    api.close();
  }

  /** The one that all tests of this class share; known when the first of them starts. */
  private static final class Embedded implements Api {
    @Override
    public String kubeconfig() {
      return api.kubeconfig();
    }

    @Override
    public String freshNamespace() {
      String name = "order-" + NUMBER.incrementAndGet();
      try (KubernetesClient client = api.newClient()) {
        client
            .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
            .create();
      }
      return name;
    }
  }
}
