package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fleetway.api.v1alpha1.Runner;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetwayOperatorTest {

  @Test
  void anOperatorThatCannotStartSaysSoAndDoesNotLookHealthy() throws IOException {
    int dead = freePort();
    int health = freePort();
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(
                // empty: the kubeconfig of whoever runs the tests is none of its business
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://127.0.0.1:" + dead)
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build()) {
      OperatorSettings settings =
          new OperatorSettings(
              List.of("fleet"), Runner.ofImage("runner:1"), false, null, health, 0, false);
      assertThatThrownBy(() -> FleetwayOperator.start(client, settings))
          .isInstanceOf(RuntimeException.class);
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), health).close())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesToStartWithoutARunnerImage() {
    assertThatThrownBy(() -> OperatorSettings.of("", "fleet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FLEETWAY_RUNNER to {\"image\"");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
