package dev.fleetway.bench.tool;

/**
 * Processor time, user and system: where machines are busy it says more than the clock does.
 *
 * @param tool the measured process with all that it started
 * @param database PostgreSQL with the sessions' processes
 * @param api kube-apiserver and etcd; nothing where the API is embedded
 */
public record CpuSeconds(double tool, double database, double api) {
  /** What was used since then. */
  public CpuSeconds minus(CpuSeconds earlier) {
    return new CpuSeconds(tool - earlier.tool, database - earlier.database, api - earlier.api);
  }
}
