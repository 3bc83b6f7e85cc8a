package dev.fleetway.sandbox.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;

/** A running API server, embedded or real, that knows Fleetway's custom resources. */
public interface ApiEndpoint extends AutoCloseable {

  /** An endpoint inside this process. */
  static ApiEndpoint embedded() {
    return EmbeddedApi.start();
  }

  /**
   * A kube-apiserver with etcd.
   *
   * @param binaries directory in which kube-api-test looks for {@code
   *     k8s/<version>-<os>-<arch>/kube-apiserver}
   */
  static ApiEndpoint real(Path binaries) {
    return RealApi.start(binaries);
  }

  /** A kubeconfig for clients on this machine. */
  String kubeconfig();

  /** What this endpoint is, for people. */
  String description();

  @Override
  void close();

  /** A client of this endpoint; the caller closes it. */
  default KubernetesClient newClient() {
    return new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig())).build();
  }
}
