package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;

/**
 * What the runner's pod looks like unless a run says otherwise.
 *
 * @param runner at least its image and ServiceAccount
 */
public record RunnerDefaults(Runner runner) {
  /** What holds for this run. */
  Runner of(TenantMigrationRunSpec spec) {
    return spec.runner() == null ? runner : spec.runner().orElse(runner);
  }
}
