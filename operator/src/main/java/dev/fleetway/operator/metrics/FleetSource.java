package dev.fleetway.operator.metrics;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import java.util.stream.Stream;

/** The stored objects, as the caches of the process that leads have them. */
public interface FleetSource {

  /** Are there caches to ask? A process that stands by has none. */
  boolean leads();

  /** All runs of the watched namespaces. */
  Stream<TenantMigrationRun> runs();

  /** All tenants of the watched namespaces. */
  Stream<Tenant> tenants();
}
