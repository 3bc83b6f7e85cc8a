package dev.fleetway.runner.work;

import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import java.util.EnumMap;
import java.util.Map;

/** Counts outcomes, those taken over included. */
final class Tally {
  private final int failureThreshold;
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

  Tally(int failureThreshold) {
    this.failureThreshold = failureThreshold;
  }

  synchronized void add(Outcome outcome) {
    counts.merge(outcome, 1, Integer::sum);
  }

  synchronized int of(Outcome outcome) {
    return counts.getOrDefault(outcome, 0);
  }

  /**
   * So many have failed that no further tenant may be started.
   *
   * @param unknown tenants that may have failed too
   */
  boolean isThresholdReached(int unknown) {
    return of(Outcome.Failed) + unknown >= failureThreshold;
  }
}
