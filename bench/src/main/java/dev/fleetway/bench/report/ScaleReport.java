package dev.fleetway.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the measurements of the operator say. Pure.
 *
 * @param measurements each size without the gate, then with it
 */
public record ScaleReport(List<ScaleMeasurement> measurements) {
  private static final int LARGE = 10_000;
  private static final int SMALL = 1_000;

  public ScaleReport {
    measurements = List.copyOf(measurements);
  }

  /** The measurements with, or without, the gate. */
  public List<ScaleMeasurement> with(boolean gate) {
    return measurements.stream().filter(m -> m.gate() == gate).toList();
  }

  /** Markdown: what a user feels, then what the API server is asked. */
  public String tables() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| tenants | gate | cohorts | whole run | until the first Job | overhead per cohort |"
            + " close lag p50 | p99 | operator CPU per tenant | peak heap | run object |");
    lines.add("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (ScaleMeasurement m : measurements) {
      lines.add(
          text(
              "| %,d | %s | %d | %.1f s | %.2f s | %.3f s | %d ms | %d ms | %.2f ms | %d MiB |"
                  + " %.1f KiB |",
              m.tenants(),
              gate(m),
              m.cohorts(),
              m.seconds(),
              m.secondsToFirstJob(),
              m.overheadSecondsPerCohort(),
              m.closeLagP50Millis(),
              m.closeLagP99Millis(),
              m.cpuMillisPerTenant(),
              m.peakHeapMebibytes(),
              m.runObjectBytes() / 1024.0));
    }
    lines.add("");
    lines.addAll(requests());
    return String.join("\n", lines) + "\n";
  }

  private List<String> requests() {
    SortedSet<String> kinds = new TreeSet<>();
    measurements.forEach(m -> kinds.addAll(m.operatorRequests().keySet()));
    StringBuilder head = new StringBuilder("| operator's requests per tenant |");
    StringBuilder rule = new StringBuilder("|---|");
    StringBuilder writes = new StringBuilder("| **writes** |");
    for (ScaleMeasurement m : measurements) {
      head.append(text(" %,d%s |", m.tenants(), m.gate() ? ", gate" : ""));
      rule.append("---:|");
      writes.append(text(" **%.3f** |", m.operatorWritesPerTenant()));
    }
    List<String> lines = new ArrayList<>(List.of(head.toString(), rule.toString()));
    for (String kind : kinds) {
      StringBuilder line = new StringBuilder("| ").append(kind).append(" |");
      for (ScaleMeasurement m : measurements) {
        long count = m.operatorRequests().getOrDefault(kind, 0L);
        line.append(count == 0 ? " – |" : text(" %.4f |", (double) count / m.tenants()));
      }
      lines.add(line.toString());
    }
    lines.add(writes.toString());
    return lines;
  }

  /**
   * Each goal with what was measured; those that need sizes which were not measured are left out.
   */
  public List<String> goals() {
    List<String> goals = new ArrayList<>();
    for (ScaleMeasurement m : measurements) {
      String who = text("%,d tenants, gate %s: ", m.tenants(), gate(m));
      goals.add(goal(who + "overhead per cohort in seconds", m.overheadSecondsPerCohort(), 1));
      goals.add(goal(who + "close lag p99 in seconds", m.closeLagP99Millis() / 1000.0, 1));
      goals.add(
          goal(
              who + "operator writes per tenant", m.operatorWritesPerTenant(), m.gate() ? 2 : 0.1));
      if (m.gate()) {
        goals.add(goal(who + "of them on tenants", m.writesOnTenantsPerTenant(), 2));
        goals.add(goal(who + "of them on the run and its cohorts", m.sharedWritesPerTenant(), 0.1));
      }
    }
    for (boolean gate : new boolean[] {false, true}) {
      Optional<ScaleMeasurement> small = find(SMALL, gate);
      Optional<ScaleMeasurement> large = find(LARGE, gate);
      if (small.isPresent() && large.isPresent()) {
        String who = "cost per tenant at 10,000 by that at 1,000, gate " + gate(large.get()) + ": ";
        goals.add(
            goal(
                who + "overhead",
                large.get().overheadMillisPerTenant() / small.get().overheadMillisPerTenant(),
                1.2));
        goals.add(
            goal(
                who + "CPU",
                large.get().cpuMillisPerTenant() / small.get().cpuMillisPerTenant(),
                1.2));
      }
    }
    return goals;
  }

  private Optional<ScaleMeasurement> find(int tenants, boolean gate) {
    return with(gate).stream().filter(m -> m.tenants() == tenants).findFirst();
  }

  private static String goal(String what, double measured, double most) {
    return text(
        "%s %s = %.3f, at most %s", measured <= most ? "met   " : "MISSED", what, measured, most);
  }

  private static String gate(ScaleMeasurement m) {
    return m.gate() ? "ReadOnly" : "None";
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
