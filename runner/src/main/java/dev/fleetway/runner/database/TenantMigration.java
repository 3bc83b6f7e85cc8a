package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Placeholders;
import dev.fleetway.runner.bundle.SharedScripts;
import dev.fleetway.runner.database.flyway.DatabaseTurns;
import dev.fleetway.runner.database.flyway.FlywayMigration;
import dev.fleetway.runner.database.history.MigrationRules;
import dev.fleetway.runner.database.history.Precheck;
import dev.fleetway.runner.database.session.StopSwitch;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.flywaydb.core.api.MigrationVersion;

/** Brings one tenant to the head: connect, precheck, Flyway. One per pod, used by many threads. */
public final class TenantMigration implements TenantWork {
  private final Engine engine;
  private final TenantAccess access;

  /**
   * What all tenants share.
   *
   * @param turns for scripts without a transaction
   */
  record Engine(
      Bundle bundle,
      SharedScripts scripts,
      Precheck precheck,
      FlywayMigration flyway,
      DatabaseTurns turns) {}

  /**
   * @param clock for the times that people read
   * @param nanoTime for durations and deadlines, which a corrected wall clock must not move
   */
  public TenantMigration(
      Assignment assignment,
      Bundle bundle,
      MigrationVersion head,
      Path credentials,
      Clock clock,
      LongSupplier nanoTime) {
    MigrationRules rules = MigrationRules.of(assignment.migrations(), head);
    this.engine =
        new Engine(
            bundle,
            SharedScripts.of(bundle, head, Placeholders.of(assignment.migrations().placeholders())),
            new Precheck(bundle, rules),
            new FlywayMigration(rules),
            new DatabaseTurns());
    this.access = TenantAccess.toMigrate(assignment, credentials, clock, nanoTime);
  }

  @Override
  public void expect(List<Assignment.Member> members) {
    access.sessions().expect(members);
  }

  @Override
  public void release() {
    access.sessions().release();
  }

  @Override
  public Optional<TenantResult> perform(
      Assignment.Member tenant, StopSwitch stop, Consumer<Tries.Retry> onRetry) {
    TenantTime time = access.begin();
    MigrationAttempt attempt = new MigrationAttempt(engine, access, tenant, time, stop);
    stop.arm(time.timeout());
    try {
      return new Tries<TenantResult>(access.retries(), stop, time::left, onRetry)
          .run(attempt::once);
    } finally {
      stop.close();
      access.sessions().done(tenant.database());
    }
  }
}
