package dev.fleetway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.testing.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a command says where the cluster is not what it needs: one line, exit code 4. */
class AccessIT extends ClusterCommands {
  @Test
  void saysThatNoClusterAnswers() throws IOException {
    Path kubeconfig = directory().resolve("nobody");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: gone, cluster: {server: "http://127.0.0.1:1"}}]
        contexts: [{name: gone, context: {cluster: gone, user: nobody}}]
        current-context: gone
        users: [{name: nobody, user: {}}]
        """,
        StandardCharsets.UTF_8);

    Ran ran = CommandRun.piped().run("status", "--kubeconfig", kubeconfig.toString());

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err())
        .isEqualTo(
            "fleetway: no cluster at http://127.0.0.1:1 (from %s): it does not answer. Choose one with --kubeconfig or --context, or set KUBECONFIG\n"
                .formatted(kubeconfig));
  }

  @Test
  void saysThatTheKubeconfigCannotBeRead() {
    Ran ran = CommandRun.piped().run("status", "--kubeconfig", "/nowhere");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err())
        .isEqualTo("fleetway: the kubeconfig /nowhere cannot be read: check --kubeconfig\n");
  }

  @Test
  void saysWhatSomebodyMayNotDo() {
    Ran ran = fleetway("status", "--as", "jane");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err())
        .startsWith("fleetway: no permission: ")
        .contains("User \"jane\" cannot list resource \"tenantmigrationruns\"")
        .hasLineCount(1);
  }

  @Test
  void namesTheContextsThatThereAre() {
    Ran ran = fleetway("status", "--context", "elsewhere");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).startsWith("fleetway: no context elsewhere in ").hasLineCount(1);
  }

  @Test
  void pointsToTheHelpForAnOptionThatDoesNotExist() {
    Ran ran = fleetway("status", "--nmae");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("--nmae").endsWith("See fleetway status --help\n");
  }
}
