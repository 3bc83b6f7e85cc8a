package dev.fleetway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is released: the file {@code target/fleetway} and what lies beside it. */
class LauncherIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path LAUNCHER = TARGET.resolve("fleetway");

  @Test
  void runsUnderBothNamesAndThroughALink(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(directory.resolve("kubectl-fleetway"), LAUNCHER);

    for (Path program : List.of(LAUNCHER, TARGET.resolve("kubectl-fleetway"), link)) {
      assertThat(output(List.of(program.toString(), "version"))).startsWith("fleetway ");
    }
    Files.delete(link);
  }

  @Test
  void hasAnArchiveThatItsJavaAccepts() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    String output =
        output(
            List.of(
                java,
                // ends with an error where the archive does not fit
                "-Xshare:on",
                "-XX:SharedArchiveFile=" + TARGET.resolve("fleetway.jsa"),
                "-XX:+UseSerialGC",
                "-Xlog:class+load",
                "-jar",
                TARGET.resolve("fleetway-cli.jar").toString(),
                "version"));

    assertThat(output)
        .containsPattern("dev\\.fleetway\\.cli\\.Fleetway source: shared objects file");
  }

  @Test
  void doesWithoutAnArchive(@TempDir Path directory) throws IOException, InterruptedException {
    Files.copy(LAUNCHER, directory.resolve("fleetway"));
    Files.copy(TARGET.resolve("fleetway-cli.jar"), directory.resolve("fleetway-cli.jar"));
    Path lib = Files.createDirectory(directory.resolve("lib"));
    try (Stream<Path> jars = Files.list(TARGET.resolve("lib"))) {
      for (Path jar : jars.toList()) {
        Files.copy(jar, lib.resolve(jar.getFileName()));
      }
    }
    Files.writeString(directory.resolve("fleetway.jsa"), "none", StandardCharsets.UTF_8);
    assertThat(directory.resolve("fleetway").toFile().setExecutable(true)).isTrue();

    assertThat(output(List.of(directory.resolve("fleetway").toString(), "version")))
        .matches("fleetway \\S+\\s*");
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
