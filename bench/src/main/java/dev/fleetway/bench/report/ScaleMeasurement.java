package dev.fleetway.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One run at one size.
 *
 * @param tenants tenants of the fleet
 * @param gate whether the running cohort's tenants were read-only
 * @param cohorts cohorts of the run
 * @param seconds from the creation of the run to its end
 * @param secondsToFirstJob from the creation of the run to the first cohort's Job
 * @param overheadSecondsPerCohort mean time from a cohort's last outcome to the next one's Job, for
 *     the last one to the end of the run
 * @param closeLagP50Millis median time from a cohort's last outcome to its close
 * @param closeLagP99Millis the same for the 99th of a hundred
 * @param operatorWrites writes that the operator sent during the run
 * @param runnerWrites writes that the runners sent
 * @param operatorRequests requests of the operator by verb and resource
 * @param operatorCpuSeconds time that the operator's threads worked
 * @param peakHeapMebibytes the most that was left on the operator's heap after a collection
 * @param runObjectBytes size of the run in the end, as JSON with managed fields
 */
public record ScaleMeasurement(
    int tenants,
    boolean gate,
    int cohorts,
    double seconds,
    double secondsToFirstJob,
    double overheadSecondsPerCohort,
    long closeLagP50Millis,
    long closeLagP99Millis,
    long operatorWrites,
    long runnerWrites,
    SortedMap<String, Long> operatorRequests,
    double operatorCpuSeconds,
    int peakHeapMebibytes,
    int runObjectBytes) {

  public ScaleMeasurement {
    operatorRequests = new TreeMap<>(operatorRequests);
  }

  /** Writes of the operator by tenant. */
  public double operatorWritesPerTenant() {
    return (double) operatorWrites / tenants;
  }

  /** Those of them that are about one tenant: with the gate, to set it and to open it. */
  public double writesOnTenantsPerTenant() {
    return (double) writesOnTenants() / tenants;
  }

  /** The others: those about the run and its cohorts. */
  public double sharedWritesPerTenant() {
    return (double) (operatorWrites - writesOnTenants()) / tenants;
  }

  private long writesOnTenants() {
    return operatorRequests.getOrDefault("patch tenants/status", 0L);
  }

  /** Time that the operator takes by tenant, in milliseconds. */
  public double overheadMillisPerTenant() {
    return overheadSecondsPerCohort * cohorts * 1000 / tenants;
  }

  /** Work of the operator by tenant, in milliseconds. */
  public double cpuMillisPerTenant() {
    return operatorCpuSeconds * 1000 / tenants;
  }

  /** As a line of the published file. */
  public Line line() {
    return new Line(
        tenants,
        cohorts,
        round(overheadSecondsPerCohort),
        round(operatorWritesPerTenant()),
        round((double) runnerWrites / tenants),
        peakHeapMebibytes,
        runObjectBytes,
        closeLagP50Millis,
        closeLagP99Millis);
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** The published columns. */
  @JsonPropertyOrder({
    "tenants",
    "cohorts",
    "overhead_seconds_per_cohort",
    "operator_writes_per_tenant",
    "runner_writes_per_tenant",
    "peak_heap_mib",
    "run_object_bytes",
    "close_lag_p50_ms",
    "close_lag_p99_ms"
  })
  public record Line(
      int tenants,
      int cohorts,
      @JsonProperty("overhead_seconds_per_cohort") double overheadSecondsPerCohort,
      @JsonProperty("operator_writes_per_tenant") double operatorWritesPerTenant,
      @JsonProperty("runner_writes_per_tenant") double runnerWritesPerTenant,
      @JsonProperty("peak_heap_mib") int peakHeapMebibytes,
      @JsonProperty("run_object_bytes") int runObjectBytes,
      @JsonProperty("close_lag_p50_ms") long closeLagP50Millis,
      @JsonProperty("close_lag_p99_ms") long closeLagP99Millis) {}
}
