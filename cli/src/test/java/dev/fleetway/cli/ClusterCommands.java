package dev.fleetway.cli;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.cli.testing.Fleet;
import dev.fleetway.cli.testing.Golden;
import dev.fleetway.cli.testing.Ran;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The base of tests that run commands against a real API server with the CRDs. Each test has a
 * namespace of its own; {@link #fleetway} runs a command in it.
 */
@RealApiServer
public abstract class ClusterCommands {
  @TempDir private Path directory;
  private Path kubeconfig;
  private KubernetesClient client;

  @BeforeEach
  void freshNamespace(ApiServer server) throws IOException {
    kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, server.kubeConfigYaml(), StandardCharsets.UTF_8);
    client = server.client(server.freshNamespace("cli"));
  }

  /** A client of the administrator in the test's namespace. */
  protected final KubernetesClient client() {
    return client;
  }

  /** The test's namespace. */
  protected final String namespace() {
    return client.getNamespace();
  }

  /** A file that leads to the server as its administrator. */
  protected final Path kubeconfig() {
    return kubeconfig;
  }

  /** A directory of the test's own. */
  protected final Path directory() {
    return directory;
  }

  /** Puts fleets and runs into the namespace. */
  protected final Fleet given() {
    return new Fleet(client);
  }

  /** Runs a command as a pipeline would. */
  protected final Ran fleetway(String... arguments) {
    return fleetway(CommandRun.piped(), arguments);
  }

  /** Runs a command in these surroundings. */
  protected final Ran fleetway(CommandRun surroundings, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kubeconfig", kubeconfig.toString(), "-n", namespace()));
    return surroundings.run(all.toArray(String[]::new));
  }

  /** Is this what the golden file holds, whatever the namespace is called? */
  protected final void assertGolden(String file, String text) {
    Golden.assertSame(file, text.replace(namespace(), "my-fleet"));
  }
}
