package dev.fleetway.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ClusterConfigTest {
  @Test
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void takesNothingFromTheOrdinaryKubeconfigWhenAnotherIsGiven(@TempDir Path directory)
      throws IOException {
    Path ordinary =
        kubeconfig(
            directory.resolve("ordinary"),
            "http://ordinary:1",
            "{token: secret, client-certificate-data: Yw==, client-key-data: aw==}");
    Path given = kubeconfig(directory.resolve("given"), "http://given:1", "{}");

    ClusterConfig found =
        withOrdinary(ordinary, "--kubeconfig", given.toString(), "--context", "one");
    Config config = found.client();

    assertThat(config.getMasterUrl()).startsWith("http://given:1");
    assertThat(found.source()).contains(given.toString());
    assertThat(config.getOauthToken()).isNull();
    assertThat(config.getAutoOAuthToken()).isNull();
    assertThat(config.getClientCertData()).isNull();
    assertThat(config.getClientKeyData()).isNull();
  }

  @Test
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void takesTheOrdinaryKubeconfigWhenNoneIsGiven(@TempDir Path directory) throws IOException {
    Path ordinary = kubeconfig(directory.resolve("ordinary"), "http://ordinary:1", "{token: t}");

    Config config = withOrdinary(ordinary, "-n", "fleet").client();

    assertThat(config.getMasterUrl()).startsWith("http://ordinary:1");
    assertThat(config.getAutoOAuthToken()).isEqualTo("t");
    assertThat(config.getNamespace()).isEqualTo("fleet");
  }

  private static Path kubeconfig(Path file, String server, String user) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s"}}]
        contexts: [{name: one, context: {cluster: c, user: u}}]
        current-context: one
        users: [{name: u, user: %s}]
        """
            .formatted(server, user));
  }

  /** What $KUBECONFIG names, said by the system property that comes before it. */
  private static ClusterConfig withOrdinary(Path kubeconfig, String... arguments) {
    String before = System.getProperty(Config.KUBERNETES_KUBECONFIG_FILE);
    System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig.toString());
    try {
      return ClusterConfig.of(CommandLine.populateCommand(new Any(), arguments).options);
    } finally {
      if (before == null) {
        System.clearProperty(Config.KUBERNETES_KUBECONFIG_FILE);
      } else {
        System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, before);
      }
    }
  }

  @Command
  private static final class Any {
    @Mixin private GlobalOptions options;
  }
}
