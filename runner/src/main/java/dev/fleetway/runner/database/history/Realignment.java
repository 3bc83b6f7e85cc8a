package dev.fleetway.runner.database.history;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.PGConnection;

/**
 * One row of a history whose checksum is to become that of the edited script. This is all that a
 * run ever corrects in a history, one listed version at a time: Flyway's own repair would align
 * every edited script and drop failed entries.
 *
 * @param rank the row
 * @param applied the checksum in the row
 * @param ours the checksum of the bundle's script
 */
public record Realignment(int rank, MigrationVersion version, int applied, int ours) {
  /** Corrects the row in a transaction of its own, if it still is what was read. */
  public void apply(Connection connection, String schema)
      throws SQLException, TenantFailureException {
    String table =
        connection.unwrap(PGConnection.class).escapeIdentifier(schema)
            + ".\""
            + HistoryReader.TABLE
            + '"';
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE "
                + table
                + " SET checksum = ? WHERE installed_rank OPERATOR(pg_catalog.=) ?"
                + " AND checksum OPERATOR(pg_catalog.=) ?")) {
      update.setInt(1, ours);
      update.setInt(2, rank);
      update.setInt(3, applied);
      if (update.executeUpdate() != 1) {
        throw new TenantFailure(
                TenantReason.ChecksumMismatch,
                "the checksum of version " + version + " was changed by somebody else meanwhile")
            .toException();
      }
    }
  }
}
