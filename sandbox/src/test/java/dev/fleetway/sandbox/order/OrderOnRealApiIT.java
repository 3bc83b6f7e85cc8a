package dev.fleetway.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.Tenant;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

@RealApiServer
class OrderOnRealApiIT extends OrderContract {
  private final ApiServer server;

  OrderOnRealApiIT(ApiServer server) {
    this.server = server;
  }

  @Override
  String kubeconfig() {
    return server.kubeConfigYaml();
  }

  @Override
  String freshNamespace() {
    return server.freshNamespace("order");
  }

  /** No namespace controller runs here: the test deletes what one would delete. */
  @Test
  void aNamespaceThatIsDeletedDoesNotHangOnARun() {
    fleet(2);
    run("v1", "[1]", "gate: {mode: ReadOnly, settle: 0s}");
    run("v2", "[1]", "");
    Job job = jobOf("v1");
    client().namespaces().withName(namespace()).delete();
    Assertions.assertThatThrownBy(this::createSomething)
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("being terminated");
    // a cohort that ends now wants to write a result, which is refused
    jobs().succeed(job);
    untilReason("v1", "WriteRefused");
    client().resources(Tenant.class).inNamespace(namespace()).delete();
    client().configMaps().inNamespace(namespace()).delete();
    resource("v1").delete();
    resource("v2").delete();
    untilGone("v1");
    untilGone("v2");
    assertThat(jobs().access()).isEmpty();
  }

  private void createSomething() {
    client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace())
                .withName("something")
                .endMetadata()
                .build())
        .create();
  }
}
