package dev.fleetway.runner.bundle;

import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/**
 * One versioned SQL script.
 *
 * @param fileName base name
 * @param version as Flyway orders it
 * @param description the words of the file name
 * @param sql the text
 * @param checksum as Flyway computes it and keeps it in the history
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
    Optional<Semver> minCompatibleCodeVersion) {}
