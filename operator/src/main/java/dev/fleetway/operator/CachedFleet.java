package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.metrics.FleetSource;
import dev.fleetway.operator.tenant.TenantFeed;
import java.util.stream.Stream;

/** The fleets as the informers of both controllers have them. */
record CachedFleet(RunWakes runWakes, TenantFeed feed) implements FleetSource {

  @Override
  public boolean leads() {
    return runWakes.isRunning();
  }

  @Override
  public Stream<TenantMigrationRun> runs() {
    return runWakes.all();
  }

  @Override
  public Stream<Tenant> tenants() {
    return feed.all();
  }
}
