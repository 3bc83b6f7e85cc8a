package dev.fleetway.sandbox.kubectl;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The real kubectl against one kubeconfig. */
record Kubectl(Path program, Path kubeconfig, Path home) {
  private static final long PATIENCE_SECONDS = 120;

  /**
   * What a command said.
   *
   * @param code its exit code
   * @param output standard output and error
   */
  record Answer(int code, String output) {}

  /** The programs of a real API server come with a kubectl; else the one in the path. */
  static Optional<Path> find() {
    List<Path> places = new ArrayList<>();
    String programs = System.getenv("KUBE_API_TEST_DIR");
    if (programs != null) {
      try (Stream<Path> versions = Files.list(Path.of(programs, "k8s"))) {
        versions.map(version -> version.resolve("kubectl")).forEach(places::add);
      } catch (IOException e) {
        // then the path has to do
      }
    }
    for (String entry : System.getenv("PATH").split(Pattern.quote(File.pathSeparator), -1)) {
      places.add(Path.of(entry).resolve("kubectl"));
    }
    return places.stream().filter(Files::isExecutable).findFirst();
  }

  Answer run(String input, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", home.toString());
    Path in = Files.writeString(home.resolve("input"), input);
    Path out = home.resolve("output");
    Process process = builder.redirectInput(in.toFile()).redirectOutput(out.toFile()).start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("kubectl does not end: " + command);
    }
    return new Answer(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
  }
}
