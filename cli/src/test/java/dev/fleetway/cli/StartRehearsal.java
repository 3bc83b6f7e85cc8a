package dev.fleetway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.output.Terminals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Uses the commands once against a server that it plays itself, so that the JVM can list the
 * classes they need: the archive beside the launcher is made from that list. Run by the build.
 */
final class StartRehearsal {
  private static final String PASSWORD = "rehearsal";
  private static final List<String[]> COMMANDS =
      List.of(
          new String[] {"--help"},
          new String[] {"version"},
          new String[] {"status"},
          new String[] {"status", "-o", "json"},
          new String[] {"status", "-o", "yaml"},
          new String[] {"status", "v105"},
          new String[] {"wait", "v105"},
          new String[] {"failures", "v105"},
          new String[] {"failures", "v105", "-o", "csv"},
          new String[] {"report", "v105"},
          new String[] {"tenants", "list"},
          new String[] {"tenants", "list", "-o", "json"},
          new String[] {"tenants", "list", "-o", "csv"},
          new String[] {"status", "v10"},
          new String[] {"suspend", "v105", "--yes"});

  private StartRehearsal() {}

  /** Needs one argument: a directory for its files. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    HttpsServer server = server(directory);
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig, kubeconfig(server.getAddress().getPort()), StandardCharsets.UTF_8);
    for (String[] command : COMMANDS) {
      run(command, kubeconfig);
    }
    server.stop(0);
    System.exit(0);
  }

  private static void run(String[] command, Path kubeconfig) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Console console =
        new Console(
            nowhere,
            nowhere,
            new BufferedReader(new StringReader("")),
            Terminals.NONE,
            Clock.systemUTC());
    String[] all = new String[command.length + 2];
    System.arraycopy(command, 0, all, 0, command.length);
    all[command.length] = "--kubeconfig";
    all[command.length + 1] = kubeconfig.toString();
    try (Session session = new Session(console)) {
      Fleetway.commandLine(session).execute(all);
    }
  }

  private static HttpsServer server(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(directory)));
    server.createContext("/", StartRehearsal::answer);
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String file =
        path.endsWith("/tenantmigrationruns/v105")
            ? "run.json"
            : path.endsWith("/tenantmigrationruns")
                ? "runs.json"
                : path.endsWith("/tenants") ? "tenants.json" : null;
    byte[] body = file == null ? new byte[] {'{', '}'} : resource(file);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(
        file == null && path.contains("tenantmigrationruns/") ? 404 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = StartRehearsal.class.getResourceAsStream("/rehearsal/" + name)) {
      return in.readAllBytes();
    }
  }

  private static SSLContext tls(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = directory.resolve("server.p12");
    Files.deleteIfExists(file);
    int exit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException("keytool ended with " + exit);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static String kubeconfig(int port) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: played
          cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}
        contexts: [{name: played, context: {cluster: played, user: nobody, namespace: fleet}}]
        current-context: played
        users: [{name: nobody, user: {token: rehearsal}}]
        """
        .formatted(port);
  }
}
