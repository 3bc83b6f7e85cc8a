package dev.fleetway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.cli.testing.Ran;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say on a cluster that does not know Fleetway. */
@RealApiServer
class NotInstalledIT {
  @Test
  void saysThatFleetwayIsNotInstalled(@TempDir Path directory) throws IOException {
    KubeAPIServer bare =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(System.getenv("KUBE_API_TEST_DIR"))
                .withOfflineMode(true)
                .withApiServerVersion(ApiServer.version())
                .build());
    bare.start();
    try {
      Path kubeconfig = directory.resolve("kubeconfig");
      Files.writeString(kubeconfig, bare.getKubeConfigYaml(), StandardCharsets.UTF_8);
      for (String[] command :
          new String[][] {{"status"}, {"status", "v1"}, {"tenants", "list"}, {"wait", "v1"}}) {
        String[] all = new String[command.length + 2];
        System.arraycopy(command, 0, all, 0, command.length);
        all[command.length] = "--kubeconfig";
        all[command.length + 1] = kubeconfig.toString();

        Ran ran = CommandRun.piped().run(all);

        assertThat(ran.exitCode()).isEqualTo(4);
        assertThat(ran.err())
            .startsWith("fleetway: Fleetway is not installed in this cluster: ")
            .hasLineCount(1);
      }
    } finally {
      bare.stop();
    }
  }
}
