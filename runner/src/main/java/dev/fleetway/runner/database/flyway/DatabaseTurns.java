package dev.fleetway.runner.database.flyway;

import dev.fleetway.api.v1alpha1.TenantSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Lets one script without a transaction at a time into each database: two CREATE INDEX CONCURRENTLY
 * of one database wait for each other's snapshots. It holds for this pod, and so for the run: all
 * tenants of one server are in one pod.
 */
public final class DatabaseTurns {
  private final Map<String, Semaphore> turns = new ConcurrentHashMap<>();

  public Semaphore of(TenantSpec.Database database) {
    return turns.computeIfAbsent(
        database.host() + ':' + database.port() + '/' + database.name(),
        name -> new Semaphore(1, true));
  }
}
