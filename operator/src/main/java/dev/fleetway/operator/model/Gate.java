package dev.fleetway.operator.model;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.GateMode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A cohort whose tenants are read-only. It is in force while the run's status says that the cohort
 * is Running, and at no other time: so any process can tell, at any time, from the API server.
 *
 * @param namespace namespace of the run
 * @param run name of the run
 * @param tenantUids uids of the tenants; empty when the assignment was deleted by hand, and nobody
 *     can say who they are
 */
public record Gate(String namespace, String run, Optional<Set<String>> tenantUids) {

  public Gate {
    tenantUids = tenantUids.map(Set::copyOf);
  }

  /** The cohort that a run gates now; empty for none. */
  public static Optional<Cohort> cohort(
      TenantMigrationRunSpec spec, TenantMigrationRunStatus status) {
    return spec.gate().mode() == GateMode.ReadOnly ? running(status) : Optional.empty();
  }

  /** The cohort that has started and is neither closed nor aborted. */
  public static Optional<Cohort> running(TenantMigrationRunStatus status) {
    return status.cohorts().stream()
        .filter(cohort -> cohort.state() == CohortState.Running)
        .findFirst();
  }

  /** The gate of a cohort with this assignment. */
  public static Gate of(String namespace, String run, Optional<Assignment> assignment) {
    return new Gate(
        namespace,
        run,
        assignment.map(
            found ->
                found.tenants().stream().map(Assignment.Member::uid).collect(Collectors.toSet())));
  }

  /**
   * Does it keep a tenant read-only?
   *
   * @param isReadOnly whether the tenant is so already: where nobody can say whom the gate is for,
   *     it is not taken from anybody
   */
  public boolean holds(String tenantUid, boolean isReadOnly) {
    return tenantUids.map(uids -> uids.contains(tenantUid)).orElse(isReadOnly);
  }
}
