package dev.fleetway.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Flyway's repair aligns every edited script and drops failed entries: no code path may call it.
 */
class NoRepairTest {
  @Test
  void nothingInTheRunnerCallsFlywaysRepairOrClean() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();

      assertThat(sources)
          .hasSizeGreaterThan(40)
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file))
                      .doesNotContain(".repair(", "::repair", ".clean(", "::clean", "DbRepair"));
    }
  }
}
