package dev.fleetway.sandbox.jobs;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A container as a process: the runner's command with the container's arguments and environment.
 */
final class PodProcess {
  /** A kubelet keeps the last bytes of a termination message. */
  private static final int MESSAGE_LIMIT = 4096;

  private final Process process;
  private final Path terminationLog;

  private PodProcess(Process process, Path terminationLog) {
    this.process = process;
    this.terminationLog = terminationLog;
  }

  static PodProcess start(
      LocalJobsSettings settings, Container container, PodFiles files, Path directory, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(settings.runnerCommand());
    if (container.getArgs() != null) {
      command.addAll(container.getArgs());
    }
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, settings.kubeconfig());
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    // a container sees nothing of its machine's environment
    environment.clear();
    environment.put("PATH", path);
    environment.put("HOME", directory.toString());
    environment.put("TMPDIR", temporary.toString());
    environment.put("KUBECONFIG", kubeconfig.toString());
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        environment.put(variable.getName(), files.translate(variable.getValue(), container));
      }
    }
    return new PodProcess(builder.start(), files.host(PodFiles.TERMINATION_LOG));
  }

  CompletableFuture<Integer> exitCode() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** SIGTERM now, SIGKILL when the grace time is over. */
  void terminate(long graceSeconds) {
    process.destroy();
    CompletableFuture.delayedExecutor(graceSeconds, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
  }

  void kill() {
    process.destroyForcibly();
  }

  /** What the program left for its pod's status; empty when it left nothing. */
  String terminationMessage() {
    try {
      byte[] bytes = Files.readAllBytes(terminationLog);
      int from = Math.max(0, bytes.length - MESSAGE_LIMIT);
      return new String(Arrays.copyOfRange(bytes, from, bytes.length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
