package dev.fleetway.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The operator as in its pod: its own process, its own small heap, the collector of a small pod.
 */
final class OperatorProcess implements AutoCloseable {
  static final String NAMESPACE = "default";

  private static final String MOST_HEAP = "-Xmx256m";
  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final Path log;
  private final Path gcLog;

  private OperatorProcess(Process process, Path log, Path gcLog) {
    this.process = process;
    this.log = log;
    this.gcLog = gcLog;
  }

  /**
   * Starts it.
   *
   * @param build directory with {@code fleetway-operator.jar} and {@code lib/}
   * @param work takes the logs
   */
  static OperatorProcess start(Path build, Path work, String kubeconfig) throws IOException {
    Path config = work.resolve("kubeconfig");
    Files.writeString(config, kubeconfig);
    Path log = work.resolve("operator.log");
    Path gcLog = work.resolve("operator-gc.log");
    Files.deleteIfExists(gcLog);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                MOST_HEAP,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xlog:gc:file=" + gcLog + "::filecount=0",
                "-Dkubernetes.user.agent=" + Sender.OPERATOR.userAgent(),
                "-cp",
                build.resolve("fleetway-operator.jar") + ":" + build.resolve("lib") + "/*",
                "dev.fleetway.operator.Main")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("KUBECONFIG", config.toString());
    builder.environment().put("FLEETWAY_NAMESPACES", NAMESPACE);
    builder.environment().put("FLEETWAY_RUNNER", "{\"image\": \"fleetway-runner\"}");
    builder.environment().put("FLEETWAY_LEADER_ELECTION", "false");
    builder.environment().put("FLEETWAY_HEALTH_PORT", "0");
    return new OperatorProcess(builder.start(), log, gcLog);
  }

  /** The time that its threads have worked so far. */
  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  int peakHeapMebibytes() throws IOException {
    return GcLog.peakMebibytes(gcLog);
  }

  /** Out of memory, for one, it is gone. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "the operator ended with exit code %d: see %s".formatted(process.exitValue(), log));
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
