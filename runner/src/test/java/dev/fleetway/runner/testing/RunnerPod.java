package dev.fleetway.runner.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.runner.outcome.TenantApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The place of a runner process: the files that the kubelet mounts, and an API server that knows
 * nothing but the tenants. Processes come and go, as pods of one Job do.
 */
public final class RunnerPod implements AutoCloseable {
  /** The packaged program, as the image has it. */
  public static final String CLASS_PATH = "target/fleetway-runner.jar:target/lib/*";

  static {
    // Before the first server of this JVM: otherwise an answer waits 40 ms for the client's ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final TenantApi tenants;
  private final HttpServer apiServer;
  private final ExecutorService requests = Executors.newFixedThreadPool(8);
  private final Map<String, String> environment = new HashMap<>();

  public RunnerPod(Path directory, TenantApi tenants) throws IOException {
    this.directory = directory;
    this.tenants = tenants;
    Files.createDirectories(bundle());
    Files.createDirectories(credentials());
    apiServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    apiServer.createContext("/apis/fleetway.dev/v1alpha1/namespaces/shop/tenants/", this::answer);
    apiServer.setExecutor(requests);
    apiServer.start();
    environment.putAll(
        Map.of(
            PodContract.ENV_ASSIGNMENT,
            assignment().toString(),
            PodContract.ENV_BUNDLE,
            bundle().toString(),
            PodContract.ENV_CREDENTIALS,
            credentials().toString(),
            PodContract.ENV_TERMINATION_MESSAGE,
            terminationLog().toString(),
            PodContract.ENV_GRACE_SECONDS,
            "30",
            "KUBERNETES_MASTER",
            "http://127.0.0.1:" + apiServer.getAddress().getPort(),
            "KUBERNETES_AUTH_TRYKUBECONFIG",
            "false"));
  }

  public Path bundle() {
    return directory.resolve("bundle");
  }

  public Path credentials() {
    return directory.resolve("credentials");
  }

  /** Everything that all processes have printed. */
  public Path output() {
    return directory.resolve("output");
  }

  public void script(String name, String sql) throws IOException {
    Files.writeString(bundle().resolve(name), sql);
  }

  public void assign(Assignment assignment) throws IOException {
    JSON.writeValue(assignment().toFile(), assignment);
  }

  public void environment(String name, String value) {
    environment.put(name, value);
  }

  public TerminationMessage message() throws IOException {
    return JSON.readValue(terminationLog().toFile(), TerminationMessage.class);
  }

  /** Starts {@code run} with the Java of this JVM. */
  public Process run(String... jvmFlags) throws IOException {
    return start(
        Path.of(System.getProperty("java.home")), CLASS_PATH, PodContract.COMMAND_RUN, jvmFlags);
  }

  public Process start(Path javaHome, String classPath, String command, String... jvmFlags)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(javaHome.resolve("bin").resolve("java").toString());
    line.addAll(List.of(jvmFlags));
    line.addAll(List.of("-cp", classPath, "dev.fleetway.runner.Main", command));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().remove("KUBECONFIG");
    builder.environment().remove(PodContract.ENV_SHARD);
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
        .start();
  }

  @Override
  public void close() {
    apiServer.stop(0);
    requests.shutdownNow();
  }

  private Path assignment() {
    return directory.resolve("assignment.json");
  }

  private Path terminationLog() {
    return directory.resolve("termination-log");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().split("/", -1)[7];
    try (exchange) {
      int code = 200;
      byte[] body = new byte[0];
      try {
        if (exchange.getRequestMethod().equals("PATCH")) {
          tenants.patchStatus(
              name, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        }
        body =
            JSON.writeValueAsBytes(
                tenants.find(name).orElseThrow(() -> new TenantApi.ApiException(404, null)));
      } catch (TenantApi.ApiException e) {
        code = e.code();
      }
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
