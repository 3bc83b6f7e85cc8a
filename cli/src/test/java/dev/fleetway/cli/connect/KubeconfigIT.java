package dev.fleetway.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fleetway.cli.exit.CommandFailure;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Kubeconfigs as kubectl takes them, with programs that log in. No cluster is asked. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class KubeconfigIT {
  private static final String CLUSTER =
      """
      clusters: [{name: c, cluster: {server: "https://one:1", certificate-authority: ca.crt}}]
      contexts: [{name: one, context: {cluster: c, user: u, namespace: fleet}}]
      current-context: one
      """;

  @TempDir private Path directory;

  @Test
  void readsSeveralFilesAsOne() throws Exception {
    Path cluster = file("cluster", CLUSTER);
    Path user =
        file(
            "user",
            """
            contexts: [{name: two, context: {cluster: c, user: u}}]
            current-context: two
            users: [{name: u, user: {token: t}}]
            """);
    String names = "/nowhere" + File.pathSeparator + cluster + File.pathSeparator + user;

    Config first = with(Map.of("kubeconfig", names), () -> config());
    Config second = with(Map.of("kubeconfig", names), () -> config("--context", "two"));

    assertThat(first.getMasterUrl()).startsWith("https://one:1");
    assertThat(first.getNamespace()).isEqualTo("fleet");
    assertThat(first.getOauthTokenProvider().getToken()).isEqualTo("t");
    assertThat(first.getCaCertFile()).isEqualTo(directory.resolve("ca.crt").toString());
    assertThat(second.getMasterUrl()).startsWith("https://one:1");
    assertThat(second.getNamespace()).isNull();
  }

  @Test
  void asksTheLoginProgramAgainWhenTheLoginEnds() throws Exception {
    Path program =
        Files.writeString(
            directory.resolve("login"),
            """
            #!/bin/sh
            echo "a word to whom it may concern" >&2
            echo x >> "$COUNT"
            count=$(wc -l < "$COUNT" | tr -d ' ')
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status":
              {"token": "token-'$count${1#-a }'", "expirationTimestamp": "2020-01-01T00:00:00Z"}}'
            """,
            StandardCharsets.UTF_8);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path file =
        file(
            "exec",
            CLUSTER
                + """
                users:
                - name: u
                  user:
                    exec:
                      apiVersion: client.authentication.k8s.io/v1
                      command: ./login
                      args: ["-a b"]
                      env: [{name: COUNT, value: "%s"}]
                """
                    .formatted(directory.resolve("count")));

    Config config = config("--kubeconfig", file.toString());

    String first = config.getOauthTokenProvider().getToken();
    assertThat(first).matches("token-\\db");
    assertThat(config.getOauthTokenProvider().getToken()).isNotEqualTo(first);
  }

  @Test
  void saysWhyThereIsNoLogin() throws IOException {
    Path fails = file("fails", CLUSTER + user("exec: {command: sh, args: [-c, exit 7]}"));
    Path none = file("none", CLUSTER + user("exec: {command: sh, args: [-c, echo hello]}"));
    Path missing =
        file("missing", CLUSTER + user("exec: {command: fleet-login, installHint: Get it}"));

    assertFailure(fails, "the login program of the kubeconfig, sh, ended with 7: log in again");
    assertFailure(none, "printed no login: try it by hand");
    assertFailure(missing, "fleet-login, cannot be started: install it. Get it");
  }

  @Test
  void readsTheFileWithTheTokenEachTime() throws IOException {
    Path file = file("token-file", CLUSTER + user("tokenFile: token"));
    Files.writeString(directory.resolve("token"), "old\n", StandardCharsets.UTF_8);
    Config config = config("--kubeconfig", file.toString());
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("old");

    Files.writeString(directory.resolve("token"), "new\n", StandardCharsets.UTF_8);

    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("new");
  }

  @Test
  void readsTheTokenOfAPodAgain() throws Exception {
    Path token = Files.writeString(directory.resolve("sa"), "old", StandardCharsets.UTF_8);
    Map<String, String> pod =
        Map.of(
            "kubeconfig",
            "/nowhere",
            Config.KUBERNETES_SERVICE_HOST_PROPERTY,
            "10.0.0.1",
            Config.KUBERNETES_SERVICE_PORT_PROPERTY,
            "443",
            "kubernetes.auth.serviceAccount.token",
            token.toString());
    Config config = with(pod, () -> config("-n", "fleet"));
    assertThat(config.getMasterUrl()).startsWith("https://10.0.0.1:443");
    assertThat(with(pod, () -> config.getOauthTokenProvider().getToken())).isEqualTo("old");

    Files.writeString(token, "new\n", StandardCharsets.UTF_8);

    assertThat(with(pod, () -> config.getOauthTokenProvider().getToken())).isEqualTo("new");
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Path server = file("server", CLUSTER.replace("name: c,", "name: d,") + user("token: t"));
    Path current = file("current", CLUSTER.replace("current-context: one", ""));

    assertFailure(
        server, "the context names the cluster c, of which " + server + " knows no server");
    assertFailure(current, "no current context in " + current + ", which has one: say --context");
    assertFailure(file("broken", "a: ["), "is no kubeconfig");
    assertFailure(file("list", "- a"), "is no kubeconfig");
    assertThatThrownBy(() -> with(Map.of("kubeconfig", "/nowhere"), () -> config()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("this is no pod, and there is no kubeconfig in /nowhere");
    assertThatThrownBy(() -> config("--kubeconfig", server.toString(), "-n", "../default"))
        .isInstanceOf(CommandFailure.class);
  }

  @Test
  void doesNotPrintATokenThatIsNone() throws IOException {
    Path file = file("odd", CLUSTER + user("token: \"s3cret\\nx\""));

    assertThatThrownBy(() -> config("--kubeconfig", file.toString()))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("what is in the kubeconfig is no token: log in again");
  }

  @Test
  void takesAnEmptyOptionForNone() throws Exception {
    Path file = file("plain", CLUSTER + user("token: t"));

    Config config =
        with(
            Map.of("kubeconfig", file.toString()),
            () -> config("--kubeconfig", "", "--context", "", "-n", ""));

    assertThat(config.getNamespace()).isEqualTo("fleet");
  }

  private static String user(String login) {
    return "users: [{name: u, user: {" + login + "}}]\n";
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        "apiVersion: v1\nkind: Config\n" + content,
        StandardCharsets.UTF_8);
  }

  private static void assertFailure(Path kubeconfig, String message) {
    assertThatThrownBy(() -> config("--kubeconfig", kubeconfig.toString()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(message);
  }

  private static Config config(String... arguments) {
    return ClusterConfig.of(CommandLine.populateCommand(new Any(), arguments).options).client();
  }

  private static <T> T with(Map<String, String> properties, Callable<T> action) throws Exception {
    Map<String, String> before = new HashMap<>();
    properties.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
    try {
      return action.call();
    } finally {
      before.forEach(
          (name, value) -> {
            if (value == null) {
              System.clearProperty(name);
            } else {
              System.setProperty(name, value);
            }
          });
    }
  }

  @Command
  private static final class Any {
    @Mixin private GlobalOptions options;
  }
}
