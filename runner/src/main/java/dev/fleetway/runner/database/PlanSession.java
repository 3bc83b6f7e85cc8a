package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.history.History;
import dev.fleetway.runner.database.history.HistoryReader;
import dev.fleetway.runner.database.session.SessionSettings;
import dev.fleetway.runner.database.session.TenantSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads a tenant without leaving a trace: the session is read-only from its first packet on, and
 * everything is read in one read-only transaction, that is, from one snapshot. One round trip says
 * what there is, a second one reads the history where there is one that may be read.
 */
final class PlanSession {
  private static final String FACTS =
      """
      SELECT pg_backend_pid() AS pid,
             pg_is_in_recovery() AS standby,
             EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = ?) AS role_exists,
             n.oid IS NOT NULL AS schema_exists,
             h.oid IS NOT NULL AS history_exists,
             has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(h.oid, 'SELECT')
               AS readable,
             h.oid IS NULL AND %s AS occupied
      FROM (VALUES (1)) AS always (one)
      LEFT JOIN pg_namespace n ON n.nspname = ?
      LEFT JOIN pg_class h
        ON h.relnamespace = n.oid AND h.relname = ? AND h.relkind IN ('r', 'p', 'v', 'm', 'f')
      """
          .formatted(HistoryReader.OCCUPIED);

  private final Connection connection;
  private final TenantSpec.Database database;

  /**
   * What the catalog says.
   *
   * @param standby the server takes no writes
   * @param roleMissing the tenant's role does not exist
   * @param schemaExists the tenant's schema exists
   * @param historyExists it has a history table
   * @param readable the user of the login may read that table
   * @param occupied it has none, and objects of its own
   */
  record Facts(
      boolean standby,
      boolean roleMissing,
      boolean schemaExists,
      boolean historyExists,
      boolean readable,
      boolean occupied) {}

  private PlanSession(Connection connection, TenantSpec.Database database) {
    this.connection = connection;
    this.database = database;
  }

  /** The settings of a session that can only read, for the start-up packet. */
  static String options(Duration remaining, Duration lockTimeout) {
    return String.join(
        " ",
        "-c default_transaction_read_only=on",
        "-c default_transaction_isolation=repeatable\\ read",
        "-c search_path=pg_catalog",
        // A policy on the history would hide rows without a word; so it is an error.
        "-c row_security=off",
        "-c lock_timeout=" + TenantSession.millis(lockTimeout),
        "-c statement_timeout=" + TenantSession.millis(remaining.plusSeconds(5)),
        "-c idle_in_transaction_session_timeout=" + TenantSession.millis(remaining.plusSeconds(5)));
  }

  static PlanSession begin(Connection connection, TenantSpec.Database database)
      throws SQLException {
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    return new PlanSession(connection, database);
  }

  Facts facts() throws SQLException, TenantFailureException {
    try (PreparedStatement statement = connection.prepareStatement(FACTS)) {
      statement.setString(1, database.role());
      statement.setString(2, database.schema());
      statement.setString(3, HistoryReader.TABLE);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("a row that is always there is missing");
        }
        // One that was told to ignore our options lets the login pass.
        SessionSettings.refusePooler(connection, row.getInt("pid"));
        return new Facts(
            row.getBoolean("standby"),
            database.role() != null && !row.getBoolean("role_exists"),
            row.getBoolean("schema_exists"),
            row.getBoolean("history_exists"),
            row.getBoolean("readable"),
            row.getBoolean("occupied"));
      }
    }
  }

  /**
   * The history, read as the user of the login, or as the tenant's role where only that one may.
   */
  History history(Facts facts) throws SQLException, TenantFailureException {
    if (!facts.historyExists()) {
      return facts.occupied() ? History.UNADOPTED : History.EMPTY;
    }
    if (!facts.readable()) {
      become(Optional.ofNullable(database.role()).filter(role -> !facts.roleMissing()));
    }
    return HistoryReader.rows(connection, database.schema());
  }

  private void become(Optional<String> role) throws SQLException, TenantFailureException {
    if (role.isEmpty()) {
      throw unreadable();
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config('role', ?, true)")) {
      statement.setString(1, role.get());
      statement.execute();
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        throw unreadable();
      }
      throw e;
    }
  }

  private TenantFailureException unreadable() {
    return new TenantFailure(
            TenantReason.InsufficientPrivilege,
            "the user may not read table "
                + HistoryReader.TABLE
                + " of schema "
                + database.schema()
                + ": grant USAGE on the schema and SELECT on the table",
            "42501")
        .toException();
  }
}
