package dev.fleetway.e2e.faults;

import dev.fleetway.e2e.faults.FleetEvidence.Database;
import dev.fleetway.e2e.faults.FleetEvidence.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How a run got over a fault.
 *
 * @param fault its name
 * @param lasted from the blow to the fault's end
 * @param next from the fault's end to the next tenant that was through; empty when none was left
 * @param end from the fault's end to the end of the run
 * @param story what the run said meanwhile
 */
record Recovery(
    String fault, Duration lasted, Optional<Duration> next, Duration end, String story) {
  static final String HEADER =
      String.format(
          Locale.ROOT, "%-26s %8s %8s %8s  %s", "fault", "lasted", "next", "end", "the run said");

  /** Measured by the databases' clock, which is taken for the same as ours. */
  static Recovery of(
      Fault fault,
      Instant struck,
      Instant over,
      Instant ended,
      FleetEvidence evidence,
      String story) {
    Optional<Duration> next =
        evidence.databases().values().stream()
            .map(Database::work)
            .filter(Objects::nonNull)
            .map(Work::ended)
            .filter(time -> time.isAfter(over))
            .sorted()
            .findFirst()
            .map(time -> Duration.between(over, time));
    return new Recovery(
        fault.name(), Duration.between(struck, over), next, Duration.between(over, ended), story);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-26s %8s %8s %8s  %s",
        fault,
        seconds(lasted),
        next.map(Recovery::seconds).orElse("-"),
        seconds(end),
        story);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
