package dev.fleetway.runner.database.leftover;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.history.History;
import dev.fleetway.runner.database.history.HistoryReader;
import dev.fleetway.runner.database.history.Precheck;
import dev.fleetway.runner.database.leftover.ConcurrentIndexes.Index;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.PGConnection;

/** What a person can run, and the one statement of it that the runner runs itself. */
final class LeftoverAdvice {
  private final String schema;
  private final History.Entry failed;
  private final PGConnection driver;
  private final String delete;

  LeftoverAdvice(PGConnection driver, String schema, History.Entry failed) throws SQLException {
    this.schema = schema;
    this.failed = failed;
    this.driver = driver;
    this.delete =
        "DELETE FROM "
            + driver.escapeIdentifier(schema)
            + "."
            + driver.escapeIdentifier(HistoryReader.TABLE)
            + " WHERE installed_rank = "
            + failed.rank()
            + " AND NOT success";
  }

  MigrationVersion version() {
    return failed.version();
  }

  String subject() {
    return failed.version() == null ? "a repeatable script" : "version " + failed.version();
  }

  void deleteRow(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(delete);
    }
  }

  Optional<Precheck.Verdict.Refused> refused(String what) {
    return refused(what + ": repair it, then run", "");
  }

  Optional<Precheck.Verdict.Refused> refused(Index index) throws SQLException {
    String name = driver.escapeIdentifier(schema) + "." + driver.escapeIdentifier(index.name());
    return refused(
        "the history holds a failed entry for "
            + subject()
            + ", and index "
            + name
            + " of its script exists and is valid: if nothing needs it, run",
        " DROP INDEX CONCURRENTLY " + name + ";");
  }

  private Optional<Precheck.Verdict.Refused> refused(String what, String first) {
    return Optional.of(
        new Precheck.Verdict.Refused(
            new TenantFailure(TenantReason.FailedMigrationEntry, what + first + " " + delete + ";"),
            failed.version()));
  }

  /** A valid index of a version that is not applied. */
  static TenantFailure inTheWay(
      PGConnection driver, String schema, MigrationVersion version, Index index)
      throws SQLException {
    String name = driver.escapeIdentifier(schema) + "." + driver.escapeIdentifier(index.name());
    return new TenantFailure(
        TenantReason.SchemaDrift,
        "index "
            + name
            + " of version "
            + version
            + " exists and is valid, but the version is not applied: probably a pod ended"
            + " between the two. If nothing else made it, run DROP INDEX CONCURRENTLY "
            + name
            + ";",
        "42P07");
  }
}
