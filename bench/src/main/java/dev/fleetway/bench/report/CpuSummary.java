package dev.fleetway.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Where the processor time goes.
 *
 * @param measurements all of one run
 */
public record CpuSummary(List<CpuMeasurement> measurements) {
  public CpuSummary {
    measurements = List.copyOf(measurements);
  }

  /** A Markdown table: of the median repetition, each part and all together. */
  public String table() {
    List<Integer> pending =
        measurements.stream().map(CpuMeasurement::pending).distinct().sorted().toList();
    List<String> lines = new ArrayList<>();
    lines.add(
        "| CPU seconds: tool + PostgreSQL + API server | "
            + pending.stream().map(n -> n + " pending").collect(Collectors.joining(" | "))
            + " | first outcome after |");
    lines.add("|---|" + "---:|".repeat(pending.size() + 1));
    for (String tool : measurements.stream().map(CpuMeasurement::tool).distinct().toList()) {
      String cells =
          pending.stream().map(n -> cpu(tool, n)).collect(Collectors.joining(" | ", "| ", " | "));
      String first =
          pending.stream().map(n -> firstOutcome(tool, n)).collect(Collectors.joining(" / "));
      lines.add("| " + tool + " " + cells + (first.contains("s") ? first : "–") + " |");
    }
    return String.join("\n", lines) + "\n";
  }

  private String cpu(String tool, int pending) {
    List<CpuMeasurement> sorted =
        of(tool, pending).stream()
            .sorted((one, other) -> Double.compare(one.together(), other.together()))
            .toList();
    if (sorted.isEmpty()) {
      return "–";
    }
    CpuMeasurement median = sorted.get(sorted.size() / 2);
    return String.format(
        Locale.ROOT,
        "%.1f + %.1f + %.1f = **%.1f**",
        median.toolSeconds(),
        median.databaseSeconds(),
        median.apiSeconds(),
        median.together());
  }

  private String firstOutcome(String tool, int pending) {
    List<Double> sorted =
        of(tool, pending).stream()
            .map(CpuMeasurement::firstOutcomeSeconds)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    return sorted.isEmpty()
        ? "–"
        : String.format(Locale.ROOT, "%.2f s", sorted.get(sorted.size() / 2));
  }

  private List<CpuMeasurement> of(String tool, int pending) {
    return measurements.stream()
        .filter(m -> m.tool().equals(tool) && m.pending() == pending)
        .toList();
  }
}
