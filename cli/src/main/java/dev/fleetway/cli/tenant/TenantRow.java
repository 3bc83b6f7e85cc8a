package dev.fleetway.cli.tenant;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import java.util.Optional;

/**
 * One tenant as programs read it: the JSON, YAML and CSV schema of {@code tenants list}.
 *
 * @param name of the Tenant
 * @param state what its owner wants
 * @param access what its application may do now; absent before the operator has seen it
 * @param version the highest applied version; absent while unknown
 * @param pending migrations that the last run in mode Plan found to be pending; absent without one
 * @param outcome of its last run; absent without one
 * @param lastRun name of that run; absent without one
 * @param minCompatibleCodeVersion the oldest application code that works on it; absent for any
 * @param server {@code host:port} of its database
 * @param database name of its database
 * @param schema its schema in there
 */
record TenantRow(
    String name,
    State state,
    Access access,
    String version,
    Integer pending,
    String outcome,
    String lastRun,
    String minCompatibleCodeVersion,
    String server,
    String database,
    String schema) {

  static TenantRow of(Tenant tenant) {
    Optional<TenantStatus> status = Optional.ofNullable(tenant.getStatus());
    Optional<LastRun> last = status.map(TenantStatus::lastRun);
    return new TenantRow(
        tenant.getMetadata().getName(),
        tenant.getSpec().state(),
        status.map(TenantStatus::access).orElse(null),
        status.map(TenantStatus::schemaVersion).orElse(null),
        status.map(TenantStatus::lastPlan).map(LastPlan::pending).orElse(null),
        last.map(LastRun::outcome).map(Enum::name).orElse(null),
        last.map(LastRun::name).orElse(null),
        status.map(TenantStatus::minCompatibleCodeVersion).orElse(null),
        tenant.getSpec().database().server(),
        tenant.getSpec().database().name(),
        tenant.getSpec().database().schema());
  }
}
