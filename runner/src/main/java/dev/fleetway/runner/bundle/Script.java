package dev.fleetway.runner.bundle;

import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/**
 * One SQL script.
 *
 * @param fileName base name
 * @param version as Flyway orders it; null for a repeatable script
 * @param description the words of the file name; they identify a repeatable script
 * @param sql the text
 * @param checksum of the text as Flyway computes it and keeps it in the history; that of a
 *     repeatable script covers the values of placeholders: see {@link TenantScripts#checksum}
 * @param executeInTransaction what the {@code .sql.conf} beside it says; empty for none
 * @param minCompatibleCodeVersion what its header declares; empty for none
 */
public record Script(
    String fileName,
    MigrationVersion version,
    String description,
    String sql,
    int checksum,
    Optional<Boolean> executeInTransaction,
    Optional<Semver> minCompatibleCodeVersion) {

  public boolean isRepeatable() {
    return version == null;
  }
}
