package dev.fleetway.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What {@code -Xlog:gc} writes. Pure but for reading the file. */
final class GcLog {
  private static final Pattern COLLECTION =
      Pattern.compile("GC\\(\\d+\\) Pause .* \\d+M->(\\d+)M\\(\\d+M\\)");

  private GcLog() {}

  /** The most that was left on the heap after a collection. */
  static int peakMebibytes(Path file) throws IOException {
    return peakMebibytes(Files.readAllLines(file))
        .orElseThrow(() -> new IOException("no collection in " + file));
  }

  static OptionalInt peakMebibytes(List<String> lines) {
    return lines.stream()
        .flatMap(line -> COLLECTION.matcher(line).results())
        .map((MatchResult found) -> found.group(1))
        .mapToInt(Integer::parseInt)
        .max();
  }
}
