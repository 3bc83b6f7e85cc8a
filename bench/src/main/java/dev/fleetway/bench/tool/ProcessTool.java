package dev.fleetway.bench.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that takes the path of a {@link Workload} as its last argument and prints {@code
 * {"seconds": 1.5}} as its last line; without that line the process counts as a whole.
 *
 * @param name its name
 * @param directory where it runs
 * @param setUp command that makes it ready, run once; empty for none
 * @param command starts it
 * @param mostTenants the most databases to measure it on
 */
public record ProcessTool(
    String name, Path directory, List<String> setUp, List<String> command, int mostTenants)
    implements Tool {
  private static final int PATIENCE_MINUTES = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  public ProcessTool {
    setUp = List.copyOf(setUp);
    command = List.copyOf(command);
  }

  @Override
  public Optional<String> missing() {
    if (setUp.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path log = Files.createTempFile("set-up", ".log");
      int code =
          new ProcessBuilder(setUp)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
      return code == 0
          ? Optional.empty()
          : Optional.of("%s ended with %d, see %s".formatted(String.join(" ", setUp), code, log));
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Timing migrate(Workload workload) throws IOException, InterruptedException {
    Path file = Files.createTempFile("workload", ".json");
    Path output = Files.createTempFile(name, ".log");
    JSON.writeValue(file.toFile(), workload);
    List<String> line = new ArrayList<>(command);
    line.add(file.toString());
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("%s does not end, see %s".formatted(name, output));
    }
    int code = process.exitValue();
    double processSeconds = (System.nanoTime() - start) / 1e9;
    if (code != 0) {
      throw new IOException("%s ended with %d, see %s".formatted(name, code, output));
    }
    List<String> lines = Files.readAllLines(output);
    Files.delete(file);
    Files.delete(output);
    return new Timing(seconds(lines).orElse(processSeconds), processSeconds);
  }

  private static Optional<Double> seconds(List<String> lines) throws IOException {
    if (lines.isEmpty() || !lines.get(lines.size() - 1).startsWith("{")) {
      return Optional.empty();
    }
    JsonNode last = JSON.readTree(lines.get(lines.size() - 1));
    return last.has("seconds") ? Optional.of(last.get("seconds").asDouble()) : Optional.empty();
  }
}
