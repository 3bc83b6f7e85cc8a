package dev.fleetway.runner.database.leftover;

import dev.fleetway.runner.bundle.TenantScripts;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.history.FlywayLock;
import dev.fleetway.runner.database.history.History;
import dev.fleetway.runner.database.history.Precheck;
import dev.fleetway.runner.database.leftover.ConcurrentIndexes.Index;
import dev.fleetway.runner.database.session.TenantSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
public final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final TenantScripts scripts;
  private final String lockTimeoutMillis;

  public Leftovers(TenantScripts scripts, Duration lockTimeout) {
    this.scripts = scripts;
    this.lockTimeoutMillis = TenantSession.millis(lockTimeout);
  }

  /**
   * Deletes the failed rows of a history, each with the INVALID indexes of its script.
   *
   * @return why a row must stay, with what to run
   */
  public Optional<Precheck.Verdict.Refused> clear(
      Connection connection, String schema, History history) throws SQLException {
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
  public List<Precheck.Verdict.Refused> refusals(
      Connection connection, String schema, History history) throws SQLException {
    List<Precheck.Verdict.Refused> refusals = new ArrayList<>();
    for (History.Entry entry : history.entries()) {
      if (!entry.success()) {
        LeftoverAdvice advice =
            new LeftoverAdvice(connection.unwrap(PGConnection.class), schema, entry);
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

  /**
   * Valid indexes in the way of scripts that are pending, as {@link #beforeScript} would find them.
   * It only looks. An index is no obstacle here when a script that is pending before its own speaks
   * of it or of its table: that one may well remove it.
   *
   * @param pending lowest first
   */
  public List<Precheck.Verdict.Refused> inTheWay(
      Connection connection, String schema, List<MigrationVersion> pending) throws SQLException {
    List<Precheck.Verdict.Refused> inTheWay = new ArrayList<>();
    for (MigrationVersion version : pending) {
      ConcurrentIndexes made = made(Optional.of(version));
      for (Index index : made.indexes()) {
        if (made.isInTheWay(index)
            && IndexState.of(connection, schema, index) == IndexState.VALID
            && !isSpokenOf(index, pending.subList(0, pending.indexOf(version)))) {
          inTheWay.add(
              new Precheck.Verdict.Refused(
                  LeftoverAdvice.inTheWay(
                      connection.unwrap(PGConnection.class), schema, version, index),
                  version));
        }
      }
    }
    return inTheWay;
  }

  /** By its letters, so that a name inside a DO block counts too. */
  private boolean isSpokenOf(Index index, List<MigrationVersion> versions) {
    return versions.stream()
        .flatMap(version -> sql(Optional.of(version)).stream())
        .map(sql -> sql.toLowerCase(Locale.ROOT))
        .anyMatch(
            sql ->
                sql.contains(index.name().toLowerCase(Locale.ROOT))
                    || sql.contains(index.table().toLowerCase(Locale.ROOT)));
  }

  private static Optional<Precheck.Verdict.Refused> inTheWay(
      Connection connection, String schema, LeftoverAdvice advice, ConcurrentIndexes made)
      throws SQLException {
    for (Index index : made.indexes()) {
      if (!index.ifNotExists() && IndexState.of(connection, schema, index) == IndexState.VALID) {
        return advice.refused(index);
      }
    }
    return Optional.empty();
  }

  /** Why a row must stay, whatever the catalog says. */
  private static Optional<Precheck.Verdict.Refused> unclearable(
      String schema, History history, LeftoverAdvice advice, ConcurrentIndexes made) {
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
    return made.indexes().stream().allMatch(index -> IndexState.isIn(schema, index))
        ? Optional.empty()
        : advice.refused(
            "the history holds a failed entry for "
                + advice.subject()
                + ", whose index is on a table outside the tenant's schema");
  }

  private Optional<Precheck.Verdict.Refused> clear(
      Connection connection, String schema, History history, History.Entry failed)
      throws SQLException {
    LeftoverAdvice advice =
        new LeftoverAdvice(connection.unwrap(PGConnection.class), schema, failed);
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
            if (drop(connection, schema, index) == IndexState.VALID && !index.ifNotExists()) {
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
  public void beforeScript(Connection connection, String schema, MigrationVersion version)
      throws SQLException, TenantFailureException {
    List<Index> invalid = new ArrayList<>();
    ConcurrentIndexes made = made(Optional.of(version));
    for (Index index : made.indexes()) {
      IndexState state = IndexState.of(connection, schema, index);
      if (state == IndexState.INVALID) {
        invalid.add(index);
      } else if (state == IndexState.VALID && made.isInTheWay(index)) {
        throw LeftoverAdvice.inTheWay(connection.unwrap(PGConnection.class), schema, version, index)
            .toException();
      }
    }
    if (invalid.isEmpty()) {
      return;
    }
    IndexState unused =
        inTransaction(
            connection,
            () -> {
              for (Index index : invalid) {
                drop(connection, schema, index);
              }
              return IndexState.ABSENT;
            });
  }

  /** What the script makes; nothing when the bundle has no such script. */
  private ConcurrentIndexes made(Optional<MigrationVersion> version) {
    return ConcurrentIndexes.in(sql(version).orElse(""));
  }

  private Optional<String> sql(Optional<MigrationVersion> version) {
    return version.flatMap(scripts.bundle()::find).map(scripts::sql);
  }

  /** Drops it if it is INVALID and nobody builds it; says how it was found. */
  private static IndexState drop(Connection connection, String schema, Index index)
      throws SQLException {
    IndexState state = IndexState.of(connection, schema, index);
    if (state != IndexState.INVALID) {
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
      state = IndexState.of(connection, schema, index);
      if (state == IndexState.INVALID) {
        statement.execute("DROP INDEX " + inSchema + driver.escapeIdentifier(index.name()));
        LOG.atWarn()
            .addKeyValue("database", connection.getCatalog())
            .addKeyValue("schema", schema)
            .log("dropped the INVALID index {} that an earlier try left", index.name());
      }
      return state;
    }
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
}
