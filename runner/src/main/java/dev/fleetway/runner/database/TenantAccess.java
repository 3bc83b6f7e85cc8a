package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.database.session.SharedSessions;
import dev.fleetway.runner.database.session.StopSwitch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a pod reaches its tenants, in either mode: with which credentials, over which sessions, and
 * how long. One per pod, used by many threads.
 */
final class TenantAccess {
  private final Path credentials;
  private final String applicationName;
  private final SharedSessions sessions;
  private final Duration tenantTimeout;
  private final Duration lockTimeout;
  private final int retries;
  private final Clock clock;
  private final LongSupplier nanoTime;

  private TenantAccess(
      Assignment assignment, boolean plan, Path credentials, Clock clock, LongSupplier nanoTime) {
    this.credentials = credentials;
    this.applicationName = "fleetway " + assignment.run();
    this.tenantTimeout = Duration.ofMillis(assignment.limits().tenantTimeoutMillis());
    this.lockTimeout = Duration.ofMillis(assignment.limits().lockTimeoutMillis());
    this.retries = assignment.limits().retries();
    this.sessions =
        new SharedSessions(
            applicationName,
            plan ? PlanSession.options(tenantTimeout, lockTimeout) : null,
            assignment.limits());
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  static TenantAccess toMigrate(
      Assignment assignment, Path credentials, Clock clock, LongSupplier nanoTime) {
    return new TenantAccess(assignment, false, credentials, clock, nanoTime);
  }

  /** With sessions that cannot write. */
  static TenantAccess toPlan(
      Assignment assignment, Path credentials, Clock clock, LongSupplier nanoTime) {
    return new TenantAccess(assignment, true, credentials, clock, nanoTime);
  }

  SharedSessions sessions() {
    return sessions;
  }

  Duration tenantTimeout() {
    return tenantTimeout;
  }

  Duration lockTimeout() {
    return lockTimeout;
  }

  /** How often a transient failure is tried again. */
  int retries() {
    return retries;
  }

  /** A tenant's time begins. */
  TenantTime begin() {
    return new TenantTime(clock.instant(), nanoTime.getAsLong(), nanoTime, tenantTimeout);
  }

  /** A try begins. */
  Visit visit(TenantSpec.Database database, StopSwitch stop) {
    return new Visit(database, credentials, applicationName, sessions, stop);
  }
}
