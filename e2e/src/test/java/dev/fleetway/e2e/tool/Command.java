package dev.fleetway.e2e.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One call of a program with the test cluster's credentials. Output goes through files: neither
 * side can block on a full pipe, however much there is.
 */
public final class Command {
  private final Map<String, String> environment;

  public Command(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** What a program left behind. */
  public record Result(int exitCode, String output, String errors) {
    public boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** Standard output; anything but exit code 0 throws with the program's own words. */
  public String run(Duration timeout, String input, List<String> command) {
    Result result = tryRun(timeout, input, command);
    if (!result.succeeded()) {
      throw new IllegalStateException(
          String.join(" ", command)
              + " ended with "
              + result.exitCode()
              + ": "
              + result.errors().strip());
    }
    return result.output();
  }

  /** Like {@link #run}, but the exit code is the caller's to judge. */
  public Result tryRun(Duration timeout, String input, List<String> command) {
    try {
      return start(timeout, input, command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + String.join(" ", command), e);
    }
  }

  private Result start(Duration timeout, String input, List<String> command)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("fleetway-e2e");
    Path in = Files.writeString(directory.resolve("in"), input);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IllegalStateException(
            String.join(" ", command)
                + " did not end within "
                + timeout
                + ": "
                + Files.readString(err));
      }
      return new Result(process.exitValue(), text(out), text(err));
    } finally {
      for (Path file : List.of(in, out, err, directory)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
