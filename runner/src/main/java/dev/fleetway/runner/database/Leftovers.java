package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.bundle.TenantScripts;
import dev.fleetway.runner.database.ConcurrentIndexes.Index;
import dev.fleetway.runner.database.TenantFailure.TenantFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears what a failed or killed {@code CREATE INDEX CONCURRENTLY} left behind: its INVALID index,
 * and its failed row in the history. An index goes only when four things hold: its name and table
 * come from that script, it is INVALID, nobody is building it, and the script's version is not
 * applied. In everything else the person gets the statements to run.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  // Casts make the operators exact matches, which no operator of the tenant's can precede.
  private static final String INDEX =
      """
      SELECT i.indisvalid
      FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      WHERE n.nspname = ?::pg_catalog.name
        AND t.relname = ?::pg_catalog.name
        AND c.relname = ?::pg_catalog.name
      """;

  private enum State {
    ABSENT,
    VALID,
    INVALID
  }

  private final TenantScripts scripts;
  private final String lockTimeoutMillis;

  Leftovers(TenantScripts scripts, Duration lockTimeout) {
    this.scripts = scripts;
    this.lockTimeoutMillis = TenantSession.millis(lockTimeout);
  }

  /**
   * Deletes the failed rows of a history, each with the INVALID indexes of its script.
   *
   * @return why a row must stay, with what to run
   */
  Optional<Precheck.Verdict.Refused> clear(Connection connection, String schema, History history)
      throws SQLException {
    for (History.Entry entry : history.entries()) {
      if (!entry.success()) {
        Optional<Precheck.Verdict.Refused> refused = clear(connection, schema, history, entry);
        if (refused.isPresent()) {
          return refused;
        }
      }
    }
    return Optional.empty();
  }

  /** Why failed rows of a history would have to stay, each with what to run. It only looks. */
  List<Precheck.Verdict.Refused> refusals(Connection connection, String schema, History history)
      throws SQLException {
    List<Precheck.Verdict.Refused> refusals = new ArrayList<>();
    for (History.Entry entry : history.entries()) {
      if (!entry.success()) {
        Advice advice = new Advice(connection.unwrap(PGConnection.class), schema, entry);
        ConcurrentIndexes made = made(Optional.ofNullable(entry.version()));
        Optional<Precheck.Verdict.Refused> refused = unclearable(schema, history, advice, made);
        if (refused.isEmpty()) {
          refused = inTheWay(connection, schema, advice, made);
        }
        refused.ifPresent(refusals::add);
      }
    }
    return refusals;
  }

  private static Optional<Precheck.Verdict.Refused> inTheWay(
      Connection connection, String schema, Advice advice, ConcurrentIndexes made)
      throws SQLException {
    for (Index index : made.indexes()) {
      if (!index.ifNotExists() && state(connection, schema, index) == State.VALID) {
        return advice.refused(index);
      }
    }
    return Optional.empty();
  }

  /** Why a row must stay, whatever the catalog says. */
  private static Optional<Precheck.Verdict.Refused> unclearable(
      String schema, History history, Advice advice, ConcurrentIndexes made) {
    MigrationVersion version = advice.version();
    if (version != null && history.appliedVersions().contains(version)) {
      return advice.refused("the history holds version " + version + " as failed and as applied");
    }
    if (!made.repeatable()) {
      return advice.refused(
          "the history holds a failed entry for "
              + advice.subject()
              + ", whose script may have left a part of its work behind");
    }
    return made.indexes().stream().allMatch(index -> isIn(schema, index))
        ? Optional.empty()
        : advice.refused(
            "the history holds a failed entry for "
                + advice.subject()
                + ", whose index is on a table outside the tenant's schema");
  }

  private Optional<Precheck.Verdict.Refused> clear(
      Connection connection, String schema, History history, History.Entry failed)
      throws SQLException {
    Advice advice = new Advice(connection.unwrap(PGConnection.class), schema, failed);
    ConcurrentIndexes made = made(Optional.ofNullable(failed.version()));
    Optional<Precheck.Verdict.Refused> refused = unclearable(schema, history, advice, made);
    if (refused.isPresent()) {
      return refused;
    }
    return inTransaction(
        connection,
        () -> {
          lockMigrations(connection, schema);
          for (Index index : made.indexes()) {
            if (drop(connection, schema, index) == State.VALID && !index.ifNotExists()) {
              return advice.refused(index);
            }
          }
          advice.deleteRow(connection);
          LOG.atWarn()
              .addKeyValue("database", connection.getCatalog())
              .addKeyValue("schema", schema)
              .log("cleared the failed entry of version {}", failed.version());
          return Optional.empty();
        });
  }

  /**
   * Just before a script runs outside a transaction, under Flyway's lock: its version is not
   * applied. Without this a killed runner's INVALID index would stop the script, or with IF NOT
   * EXISTS stay for good.
   *
   * @throws TenantFailureException when a valid index is in the way of the script, before it
   *     becomes a failed entry: the script may have built it, and nothing can prove that
   */
  void beforeScript(Connection connection, String schema, MigrationVersion version)
      throws SQLException, TenantFailureException {
    List<Index> invalid = new ArrayList<>();
    ConcurrentIndexes made = made(Optional.of(version));
    for (Index index : made.indexes()) {
      State state = state(connection, schema, index);
      if (state == State.INVALID) {
        invalid.add(index);
      } else if (state == State.VALID && made.isInTheWay(index)) {
        throw inTheWay(connection.unwrap(PGConnection.class), schema, version, index);
      }
    }
    if (invalid.isEmpty()) {
      return;
    }
    State unused =
        inTransaction(
            connection,
            () -> {
              for (Index index : invalid) {
                drop(connection, schema, index);
              }
              return State.ABSENT;
            });
  }

  private static TenantFailureException inTheWay(
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
            "42P07")
        .toException();
  }

  /** What the script makes; nothing when the bundle has no such script. */
  private ConcurrentIndexes made(Optional<MigrationVersion> version) {
    return ConcurrentIndexes.in(
        version.flatMap(scripts.bundle()::find).map(scripts::sql).orElse(""));
  }

  /** Drops it if it is INVALID and nobody builds it; says how it was found. */
  private static State drop(Connection connection, String schema, Index index) throws SQLException {
    State state = state(connection, schema, index);
    if (state != State.INVALID) {
      return state;
    }
    PGConnection driver = connection.unwrap(PGConnection.class);
    String inSchema = driver.escapeIdentifier(schema) + ".";
    try (Statement statement = connection.createStatement()) {
      // Who builds an index holds this lock from beginning to end, in between transactions too.
      statement.execute(
          "LOCK TABLE ONLY "
              + inSchema
              + driver.escapeIdentifier(index.table())
              + " IN SHARE UPDATE EXCLUSIVE MODE");
      state = state(connection, schema, index);
      if (state == State.INVALID) {
        statement.execute("DROP INDEX " + inSchema + driver.escapeIdentifier(index.name()));
        LOG.atWarn()
            .addKeyValue("database", connection.getCatalog())
            .addKeyValue("schema", schema)
            .log("dropped the INVALID index {} that an earlier try left", index.name());
      }
      return state;
    }
  }

  /** An index outside the tenant's schema is nobody's business here: ABSENT. */
  private static State state(Connection connection, String schema, Index index)
      throws SQLException {
    if (!isIn(schema, index)) {
      return State.ABSENT;
    }
    try (PreparedStatement statement = connection.prepareStatement(INDEX)) {
      statement.setString(1, schema);
      statement.setString(2, index.table());
      statement.setString(3, index.name());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return State.ABSENT;
        }
        return row.getBoolean(1) ? State.VALID : State.INVALID;
      }
    }
  }

  private static boolean isIn(String schema, Index index) {
    return index.schema().orElse(schema).equals(schema);
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.set_config('lock_timeout', ?, true)")) {
      statement.setString(1, lockTimeoutMillis);
      statement.execute();
      T result = work.run();
      connection.commit();
      done = true;
      return result;
    } finally {
      if (!done) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }

  /** Flyway's own lock, so that no other runner is at work on this history. */
  private static void lockMigrations(Connection connection, String schema) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.pg_advisory_xact_lock(?)")) {
      statement.setLong(1, FlywayLock.key(schema));
      statement.execute();
    }
  }

  /** What a person can run, and the one statement of it that the runner runs itself. */
  private static final class Advice {
    private final String schema;
    private final History.Entry failed;
    private final PGConnection driver;
    private final String delete;

    Advice(PGConnection driver, String schema, History.Entry failed) throws SQLException {
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
              new TenantFailure(
                  TenantReason.FailedMigrationEntry, what + first + " " + delete + ";"),
              failed.version()));
    }
  }
}
