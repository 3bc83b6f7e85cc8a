package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.AppliedMigration;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a tenant.
 *
 * @param outcome Succeeded, AlreadyCurrent or Failed
 * @param reason why it failed, or how it is ahead; null otherwise
 * @param message for people; null when there is nothing to add
 * @param sqlState SQLSTATE, or null
 * @param failedVersion version of the script that failed or is refused, or null
 * @param fromVersion highest version before, or null
 * @param state what the history said at the end; empty when it could not be read
 * @param migrations what was applied, oldest first, the newest 20; repeatable scripts by
 *     description
 * @param realigned versions whose checksum in the history was set to the edited script's, at most
 *     20
 * @param startTime when the work began
 * @param duration how long it took, over every try
 * @param tries how often the tenant was tried, from 1
 */
public record TenantResult(
    Outcome outcome,
    TenantReason reason,
    String message,
    String sqlState,
    String failedVersion,
    String fromVersion,
    Optional<SchemaState> state,
    List<AppliedMigration> migrations,
    List<String> realigned,
    Instant startTime,
    Duration duration,
    int tries)
    implements TenantReport {
  public TenantResult {
    migrations = List.copyOf(migrations);
    realigned = List.copyOf(realigned);
  }

  /**
   * Where a schema stands.
   *
   * @param version highest applied version, or null
   * @param minCompatibleCodeVersion highest floor that an applied script declares, or null
   * @param wasNew nothing was applied before: what was known of an older database is void
   */
  public record SchemaState(String version, String minCompatibleCodeVersion, boolean wasNew) {}
}
