package dev.fleetway.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.e2e.tool.Command;
import dev.fleetway.e2e.tool.Helm;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real API server takes what helm makes of the chart for its version, field by field. */
@RealApiServer
@ExtendWith(Helm.Gate.class)
class ChartOnApiServerIT {
  private static final Pattern NAMESPACE = Pattern.compile("(?m)^  namespace: ([a-z0-9-]+)$");
  private static final String VERSION = "--kube-version=" + ApiServer.version();

  @TempDir private static Path directory;

  private static ApiServer api;
  private static Path kubeconfig;

  @BeforeAll
  static void aKubeconfig(ApiServer server) throws IOException {
    api = server;
    kubeconfig = Files.writeString(directory.resolve("kubeconfig"), server.kubeConfigYaml());
  }

  static Stream<String> situations() throws IOException {
    return ChartRenderingIT.situations();
  }

  @ParameterizedTest
  @MethodSource("situations")
  void takesEveryManifestAsItIs(String situation) {
    Command.Result rendered = Helm.template(VERSION, "-f", ChartRenderingIT.values(situation));
    assertThat(rendered.succeeded()).as(rendered.errors()).isTrue();
    createNamespaces(rendered.output());

    Command.Result answer = tryOut(withoutPrometheus(rendered.output()));

    assertThat(answer.succeeded()).as(answer.errors()).isTrue();
    assertThat(answer.errors()).as("warnings of the API server").isEmpty();
    assertThat(answer.output()).contains("deployment.apps/fleetway-operator serverside-applied");
  }

  private static Command.Result tryOut(String manifests) {
    return new Command(Map.of("KUBECONFIG", kubeconfig.toString()))
        .tryRun(
            Duration.ofMinutes(2),
            manifests,
            List.of(
                ApiServer.kubectl().toString(),
                "apply",
                "--server-side",
                "--force-conflicts",
                "--dry-run=server",
                "--validate=strict",
                "-f",
                "-"));
  }

  private static void createNamespaces(String manifests) {
    try (KubernetesClient client = api.client("default")) {
      NAMESPACE
          .matcher(manifests)
          .results()
          .map(found -> found.group(1))
          .distinct()
          .forEach(
              name ->
                  client
                      .resource(
                          new NamespaceBuilder()
                              .withNewMetadata()
                              .withName(name)
                              .endMetadata()
                              .build())
                      .serverSideApply());
    }
  }

  /** This API server knows nothing of the kinds of the Prometheus operator. */
  private static String withoutPrometheus(String manifests) {
    return Arrays.stream(manifests.split("(?m)^---$", -1))
        .filter(document -> !document.contains("apiVersion: monitoring.coreos.com/"))
        .collect(Collectors.joining("---"));
  }
}
