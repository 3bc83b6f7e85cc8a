package dev.fleetway.bench.scale;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** Who sends requests: told apart by the user agent. */
enum Sender {
  OPERATOR("fleetway-operator"),
  RUNNER("fleetway-runner"),
  CLUSTER("bench-cluster"),
  PERSON("bench-person");

  private final String userAgent;

  Sender(String userAgent) {
    this.userAgent = userAgent;
  }

  String userAgent() {
    return userAgent;
  }

  /** A client whose requests bear this name. */
  KubernetesClient client(String kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig);
    config.setUserAgent(userAgent);
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
