package dev.fleetway.sandbox;

import dev.fleetway.sandbox.api.ApiEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where a sandbox finds its parts.
 *
 * @param directory everything it writes but the logs; deleted when it is closed
 * @param runner directory with {@code fleetway-runner.jar} and {@code lib/}
 * @param api starts the API server
 * @param namespace the namespace of the fleet; it exists
 */
public record SandboxSettings(
    Path directory, Path runner, Supplier<ApiEndpoint> api, String namespace) {
  /** The image that stands for the runner here. */
  static final String RUNNER_IMAGE = "fleetway.dev/fleetway-runner:sandbox";

  static final Duration POD_BACKOFF = Duration.ofSeconds(1);

  /** A sandbox of the project in {@code home}. */
  public static SandboxSettings of(Path home, String name, Supplier<ApiEndpoint> api) {
    return new SandboxSettings(
        home.resolve("sandbox/target/sandbox").resolve(name),
        home.resolve("runner/target"),
        api,
        "default");
  }

  public SandboxSettings inNamespace(String other) {
    return new SandboxSettings(directory, runner, api, other);
  }

  /** What the pods wrote, one file each; kept when the sandbox is closed. */
  public Path logs() {
    return directory.resolveSibling(directory.getFileName() + "-logs");
  }

  Path runnerJar() {
    return runner.resolve("fleetway-runner.jar");
  }

  List<String> runnerCommand() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        // many short processes on a small machine: start fast, stay small
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-Xmx256m",
        "-cp",
        runnerJar() + ":" + runner.resolve("lib") + "/*",
        "dev.fleetway.runner.Main");
  }
}
