package dev.fleetway.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

@RealApiServer
class OrderOnRealApiIT extends OrderContract {
  OrderOnRealApiIT(ApiServer server) {
    super(Api.of(server, "order"));
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
    // the pods go first, while the operator may still write here
    jobs().end(job, false);
    untilNobodyHolds("v1");
    stopOperator();
    client().resources(Tenant.class).inNamespace(namespace()).delete();
    client().configMaps().inNamespace(namespace()).delete();
    resource("v1").delete();
    resource("v2").delete();
    untilGone("v1");
    untilGone("v2");
    assertThat(jobs().access()).isEmpty();
  }

  @Test
  void anOperatorThatGoesWithItsNamespaceLetsGoOfItsRuns() {
    fleet(2);
    run("v1", "[2]", "");
    Job atWork = jobOf("v1");
    assertThat(atWork.getStatus().getConditions()).isEmpty();
    stopOperator();
    OperatorSettings settings =
        new OperatorSettings(List.of(), Runner.ofImage("runner:1"), true, namespace(), 0, 0, false);

    FleetwayOperator.farewell(client(), settings);
    assertThat(resource("v1").get().getFinalizers()).isNotEmpty();

    client().namespaces().withName(namespace()).delete();
    FleetwayOperator.farewell(client(), settings);
    assertThat(resource("v1").get().getFinalizers()).isEmpty();
  }

  private void untilNobodyHolds(String run) {
    patiently(run + " has no finalizer").until(() -> resource(run).get().getFinalizers().isEmpty());
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
