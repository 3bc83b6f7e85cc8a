package dev.fleetway.bench.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerProgramTest {
  @TempDir private Path home;

  @BeforeEach
  void takeTheRealImageAndAFewJars() throws IOException {
    Path libraries = Files.createDirectories(home.resolve("runner/target/lib"));
    Files.copy(Path.of("../runner/pom.xml"), home.resolve("runner/pom.xml"));
    for (String jar : new String[] {"b.jar", "a.jar"}) {
      Files.createFile(libraries.resolve(jar));
    }
  }

  @Test
  void runsWithTheFlagsOfTheImageAndJarsInAFixedOrder() throws IOException {
    assertThat(new RunnerProgram(home, Optional.empty()).command())
        .contains(
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:MaxRAMPercentage=70",
            "-Djdk.reflect.useNativeAccessorOnly=true")
        .anySatisfy(flag -> assertThat(flag).startsWith("-XX:Tier4InvocationThreshold="))
        .noneMatch(flag -> flag.startsWith("-XX:AOTCache"))
        .anySatisfy(
            path -> assertThat(path).matches(".*fleetway-runner\\.jar:.*a\\.jar:.*b\\.jar"));
  }

  @Test
  void theFirstRunMakesTheCacheAndTheOthersUseIt() throws IOException {
    Path cache = home.resolve("runner.aot");
    RunnerProgram program = new RunnerProgram(home, Optional.of(cache));

    assertThat(program.command()).contains("-XX:AOTCacheOutput=" + cache);
    Files.createFile(cache);
    assertThat(program.command()).contains("-XX:AOTCache=" + cache);
  }
}
