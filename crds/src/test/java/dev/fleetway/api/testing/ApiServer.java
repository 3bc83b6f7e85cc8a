package dev.fleetway.api.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A running kube-apiserver with its etcd: no controllers, no kubelet, no garbage collection. */
public final class ApiServer implements AutoCloseable {
  private static final String DEFAULT_VERSION = "1.34.4";
  private static final List<String> CRDS =
      List.of("tenants.fleetway.dev", "tenantmigrationruns.fleetway.dev");

  private final KubeAPIServer server;
  private final KubernetesClient admin;

  private ApiServer(KubeAPIServer server, KubernetesClient admin) {
    this.server = server;
    this.admin = admin;
  }

  /**
   * The Kubernetes version of the servers, such as {@code 1.34.4}: another one by the variable of
   * kube-api-test, as {@code e2e/oldest-kubernetes/run} sets it.
   */
  public static String version() {
    return Objects.requireNonNullElse(
        System.getenv(KubeAPIServerConfigBuilder.KUBE_API_TEST_API_SERVER_VERSION),
        DEFAULT_VERSION);
  }

  /** The kubectl that lies beside the servers' programs. */
  public static Path kubectl() {
    Path versions = Path.of(System.getenv(ApiServerGate.DIRECTORY_VARIABLE), "k8s");
    try (Stream<Path> directories = Files.list(versions)) {
      return directories
          .filter(directory -> directory.getFileName().toString().startsWith(version() + "-"))
          .map(directory -> directory.resolve("kubectl"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(
              () -> new IllegalStateException("no kubectl for " + version() + " in " + versions));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a server from the programs under {@code directory} and installs the CRDs. */
  static ApiServer start(String directory) {
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(directory)
                .withOfflineMode(true)
                .withApiServerVersion(version())
                .build());
    try {
      server.start();
      KubernetesClient admin =
          new KubernetesClientBuilder()
              .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
              .build();
      ApiServer started = new ApiServer(server, admin);
      started.installCrds();
      return started;
    } catch (RuntimeException e) {
      // Its processes would outlive this JVM.
      server.stop();
      throw e;
    }
  }

  /** The kubeconfig of the server's administrator, for other programs. */
  public String kubeConfigYaml() {
    return server.getKubeConfigYaml();
  }

  /** A client of the server's administrator whose default is this namespace; the caller closes. */
  public KubernetesClient client(String namespace) {
    Config config =
        new ConfigBuilder(Config.fromKubeconfig(kubeConfigYaml())).withNamespace(namespace).build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Creates a namespace with a name of its own and returns the name. */
  public String freshNamespace(String prefix) {
    String name = prefix.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + "-";
    return admin
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withGenerateName(name).endMetadata().build())
        .create()
        .getMetadata()
        .getName();
  }

  /** Installs Fleetway's CRDs as they are released, over whatever is there under their names. */
  public void installCrds() {
    for (String name : CRDS) {
      admin.resource(crd(name)).forceConflicts().serverSideApply();
    }
    for (String name : CRDS) {
      admin
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(name)
          .waitUntilCondition(ApiServer::isEstablished, 30, TimeUnit.SECONDS);
    }
  }

  /** The released CRD with this name. */
  public static CustomResourceDefinition crd(String name) {
    String resource = "/META-INF/fleetway/crds/" + name + ".yaml";
    try (InputStream yaml = ApiServer.class.getResourceAsStream(resource)) {
      return Serialization.unmarshal(
          Objects.requireNonNull(yaml, resource), CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    // A definition that was created a moment ago has "conditions: null".
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }

  @Override
  public void close() {
    admin.close();
    server.stop();
  }
}
