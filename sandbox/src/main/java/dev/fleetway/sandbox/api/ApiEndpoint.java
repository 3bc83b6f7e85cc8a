package dev.fleetway.sandbox.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.Map;

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
    return real(binaries, Map.of());
  }

  /**
   * The same with more on the command line.
   *
   * @param flags value by flag of kube-apiserver, without dashes
   */
  static ApiEndpoint real(Path binaries, Map<String, String> flags) {
    return RealApi.start(binaries, flags);
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
