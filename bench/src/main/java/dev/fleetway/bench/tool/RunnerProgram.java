package dev.fleetway.bench.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How the runner is started: with the flags of its image, and with an AOT cache as the image of the
 * profile {@code aot} has it, or without.
 *
 * @param home the source tree, built
 * @param cache the cache, made by the first run that is asked for it; empty for none
 */
public record RunnerProgram(Path home, Optional<Path> cache) {
  private static final int FIRST_WITH_AOT = 25;
  private static final Pattern FLAG =
      Pattern.compile("<jvmFlag>(-(?:D|XX:(?!AOTCache))[^<]+)</jvmFlag>");

  /** Why it cannot be measured here. */
  Optional<String> missing() {
    int feature = Runtime.version().feature();
    return cache.isEmpty() || feature >= FIRST_WITH_AOT
        ? Optional.empty()
        : Optional.of("an AOT cache takes Java %d, this is %d".formatted(FIRST_WITH_AOT, feature));
  }

  /** The command line up to the runner's own arguments. */
  List<String> command() throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-XX:+UseSerialGC");
    line.addAll(flagsOfTheImage());
    cache.ifPresent(
        file -> line.add((Files.exists(file) ? "-XX:AOTCache=" : "-XX:AOTCacheOutput=") + file));
    line.add("-cp");
    line.add(classPath());
    line.add("dev.fleetway.runner.Main");
    return line;
  }

  private List<String> flagsOfTheImage() throws IOException {
    return FLAG.matcher(Files.readString(home.resolve("runner/pom.xml")))
        .results()
        .map((MatchResult flag) -> flag.group(1))
        .toList();
  }

  /** Jar by jar: a cache is bound to their order, which a wildcard does not have. */
  private String classPath() throws IOException {
    Path built = home.resolve("runner/target");
    try (Stream<Path> libraries = Files.list(built.resolve("lib"))) {
      return Stream.concat(Stream.of(built.resolve("fleetway-runner.jar")), libraries.sorted())
          .map(Path::toString)
          .reduce((first, next) -> first + ":" + next)
          .orElseThrow();
    }
  }
}
