package dev.fleetway.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fleetway.bench.tool.CpuSeconds;
import java.util.OptionalDouble;

/**
 * What one run of one tool cost in processor time, user and system, start included.
 *
 * @param tool name of the tool
 * @param pending migrations that each database lacked
 * @param tenants databases
 * @param repetition number of the repetition, from 1
 * @param toolSeconds of the tool itself with all that it started
 * @param databaseSeconds of PostgreSQL
 * @param apiSeconds of kube-apiserver and etcd
 * @param firstOutcomeSeconds by the clock, from the start of the process until an outcome was
 *     recorded; null where none is
 */
@JsonPropertyOrder({
  "tool",
  "pending",
  "tenants",
  "repetition",
  "tool_cpu_seconds",
  "database_cpu_seconds",
  "api_cpu_seconds",
  "first_outcome_seconds"
})
public record CpuMeasurement(
    String tool,
    int pending,
    int tenants,
    int repetition,
    @JsonProperty("tool_cpu_seconds") double toolSeconds,
    @JsonProperty("database_cpu_seconds") double databaseSeconds,
    @JsonProperty("api_cpu_seconds") double apiSeconds,
    @JsonProperty("first_outcome_seconds") Double firstOutcomeSeconds) {

  /** As measured, to the hundredth, which is how the kernel counts. */
  public static CpuMeasurement of(
      Measurement measured, CpuSeconds used, OptionalDouble firstOutcomeSeconds) {
    return new CpuMeasurement(
        measured.tool(),
        measured.pending(),
        measured.tenants(),
        measured.repetition(),
        round(used.tool()),
        round(used.database()),
        round(used.api()),
        firstOutcomeSeconds.isPresent() ? round(firstOutcomeSeconds.getAsDouble()) : null);
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }

  double together() {
    return toolSeconds + databaseSeconds + apiSeconds;
  }
}
