package dev.fleetway.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Medians of many measurements.
 *
 * @param measurements all of one run
 * @param limit the tool that the others are compared with
 */
public record Summary(List<Measurement> measurements, String limit) {
  public Summary {
    measurements = List.copyOf(measurements);
  }

  /** The tools, in the order in which they were measured first. */
  public List<String> tools() {
    return measurements.stream().map(Measurement::tool).distinct().toList();
  }

  /** The numbers of pending migrations, ascending. */
  public List<Integer> pending() {
    return measurements.stream().map(Measurement::pending).distinct().sorted().toList();
  }

  /** The median over the repetitions; empty when the tool was not measured there. */
  public OptionalDouble median(String tool, int pending, ToDoubleFunction<Measurement> value) {
    double[] sorted =
        measurements.stream()
            .filter(m -> m.tool().equals(tool) && m.pending() == pending)
            .mapToDouble(value)
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }

  /** Speed as a multiple of the limit's. */
  public OptionalDouble ratio(String tool, int pending) {
    OptionalDouble own = median(tool, pending, Measurement::tenantsPerSecond);
    OptionalDouble most = median(limit, pending, Measurement::tenantsPerSecond);
    return own.isPresent() && most.isPresent()
        ? OptionalDouble.of(own.getAsDouble() / most.getAsDouble())
        : OptionalDouble.empty();
  }

  /** A Markdown table: tenants per second, times the limit, tenants per second of the process. */
  public String table() {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("| tool |");
    StringBuilder rule = new StringBuilder("|---|");
    for (int pending : pending()) {
      head.append(" %d pending | × limit | with start |".formatted(pending));
      rule.append("---:|---:|---:|");
    }
    lines.add(head.toString());
    lines.add(rule.toString());
    for (String tool : tools()) {
      StringBuilder line = new StringBuilder("| ").append(tool).append(" |");
      for (int pending : pending()) {
        line.append(cell(median(tool, pending, Measurement::tenantsPerSecond), "%.1f"))
            .append(cell(ratio(tool, pending), "%.2f"))
            .append(cell(median(tool, pending, m -> m.tenants() / m.processSeconds()), "%.1f"));
      }
      lines.add(line.toString());
    }
    return String.join("\n", lines) + "\n";
  }

  private static String cell(OptionalDouble value, String format) {
    return value.isPresent()
        ? " " + String.format(Locale.ROOT, format, value.getAsDouble()) + " |"
        : " – |";
  }
}
