package dev.fleetway.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One run of one tool.
 *
 * @param tool name of the tool
 * @param pending migrations that each database lacked
 * @param tenants databases
 * @param concurrency databases at a time
 * @param repetition number of the repetition, from 1
 * @param seconds the work alone
 * @param tenantsPerSecond tenants by seconds
 * @param processSeconds the whole process with its start
 */
@JsonPropertyOrder({
  "tool",
  "pending",
  "tenants",
  "concurrency",
  "repetition",
  "seconds",
  "tenants_per_second",
  "process_seconds"
})
public record Measurement(
    String tool,
    int pending,
    int tenants,
    int concurrency,
    int repetition,
    double seconds,
    @JsonProperty("tenants_per_second") double tenantsPerSecond,
    @JsonProperty("process_seconds") double processSeconds) {

  /** As measured, to the millisecond. */
  public static Measurement of(
      String tool,
      int pending,
      int tenants,
      int concurrency,
      int repetition,
      double seconds,
      double processSeconds) {
    return new Measurement(
        tool,
        pending,
        tenants,
        concurrency,
        repetition,
        round(seconds),
        round(tenants / seconds),
        round(processSeconds));
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
