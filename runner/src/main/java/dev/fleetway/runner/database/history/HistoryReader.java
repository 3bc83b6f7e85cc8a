package dev.fleetway.runner.database.history;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.session.SessionSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.PGConnection;

/**
 * Reads the history table, together with the session's settings in one round trip where it exists,
 * in three where it does not.
 */
public final class HistoryReader {
  public static final String TABLE = "flyway_schema_history";
  private static final String UNDEFINED_TABLE = "42P01";

  /**
   * Bounds the pod's memory, whoever wrote the table. The statement's limit does it alone: outside
   * a transaction the driver ignores a fetch size, and a transaction would cost a round trip.
   */
  private static final int MOST_ROWS = 100_000;

  /** What Flyway writes: {@code latest} and its like would be versions with a meaning. */
  private static final Pattern VERSION = Pattern.compile("[0-9]{1,50}(?:[._][0-9]{1,50}){0,49}");

  /** Has the schema {@code n} objects of its own, which do not belong to an extension? */
  public static final String OCCUPIED =
      """
      (EXISTS (SELECT 1 FROM pg_catalog.pg_class c
               WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                                 WHERE d.objid = c.oid AND d.deptype = 'e'))
       OR EXISTS (SELECT 1 FROM pg_catalog.pg_proc p
                  WHERE p.pronamespace = n.oid
                    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                                    WHERE d.objid = p.oid AND d.deptype = 'e'))
       OR EXISTS (SELECT 1 FROM pg_catalog.pg_type t
                  WHERE t.typnamespace = n.oid AND t.typcategory NOT IN ('A', 'C')
                    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                                    WHERE d.objid = t.oid AND d.deptype = 'e')))""";

  /** Does the schema exist, may we create in it, and is it free of objects of its own? */
  private static final String SCHEMA =
      """
      SELECT pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS creatable, %s AS occupied
      FROM pg_catalog.pg_namespace n
      WHERE n.nspname = ?
      """
          .formatted(OCCUPIED);

  private HistoryReader() {}

  /**
   * What the first message to a server brings.
   *
   * @param server what it says of itself
   * @param history of the tenant
   */
  public record First(SessionSettings.Server server, History history) {}

  /**
   * Prepares the session and reads the history: two statements, and one message to the server. They
   * are one transaction there, so the settings are lost when there is no table to read.
   */
  public static First read(Connection connection, String schema, SessionSettings settings)
      throws SQLException, TenantFailureException {
    try (PreparedStatement statement =
        connection.prepareStatement(settings.sql() + "; " + query(connection, schema))) {
      settings.bind(statement);
      statement.execute();
      SessionSettings.Server server = SessionSettings.server(connection, statement.getResultSet());
      if (!statement.getMoreResults()) {
        throw new IllegalStateException("the second statement has no rows");
      }
      return new First(server, rows(statement.getResultSet()));
    } catch (SQLException e) {
      if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
        throw e;
      }
    }
    return new First(settings.apply(connection), withoutTable(connection, schema));
  }

  /** The history, or why there can be none. */
  public static History read(Connection connection, String schema)
      throws SQLException, TenantFailureException {
    try {
      return rows(connection, schema);
    } catch (SQLException e) {
      if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
        throw e;
      }
    }
    return withoutTable(connection, schema);
  }

  /** The rows of a table that is known to exist. */
  public static History rows(Connection connection, String schema)
      throws SQLException, TenantFailureException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query(connection, schema))) {
      return rows(rows);
    }
  }

  private static String query(Connection connection, String schema) throws SQLException {
    return "SELECT installed_rank, version, description, type, checksum, execution_time, success"
        + " FROM "
        + connection.unwrap(PGConnection.class).escapeIdentifier(schema)
        + ".\""
        + TABLE
        + "\" ORDER BY installed_rank LIMIT "
        + (MOST_ROWS + 1);
  }

  private static History rows(ResultSet row) throws SQLException, TenantFailureException {
    List<History.Entry> entries = new ArrayList<>();
    while (row.next()) {
      if (entries.size() == MOST_ROWS) {
        throw new TenantFailure(
                TenantReason.RunnerError,
                "table " + TABLE + " has more than " + MOST_ROWS + " rows, which no run reads")
            .toException();
      }
      int checksum = row.getInt("checksum");
      boolean noChecksum = row.wasNull();
      entries.add(
          new History.Entry(
              row.getInt("installed_rank"),
              version(row),
              row.getString("description"),
              row.getString("type"),
              noChecksum ? null : checksum,
              row.getLong("execution_time"),
              row.getBoolean("success")));
    }
    return new History(entries);
  }

  private static MigrationVersion version(ResultSet row)
      throws SQLException, TenantFailureException {
    String version = row.getString("version");
    if (version == null) {
      return null;
    }
    if (!VERSION.matcher(version).matches()) {
      throw new TenantFailure(
              TenantReason.MissingScript,
              "table "
                  + TABLE
                  + " has something else than a version in the row with installed_rank "
                  + row.getInt("installed_rank"))
          .toException();
    }
    return MigrationVersion.fromVersion(version);
  }

  private static History withoutTable(Connection connection, String schema)
      throws SQLException, TenantFailureException {
    try (PreparedStatement statement = connection.prepareStatement(SCHEMA)) {
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new TenantFailure(
                  TenantReason.SchemaMissing, "schema " + schema + " does not exist")
              .toException();
        }
        if (!row.getBoolean("creatable")) {
          throw new TenantFailure(
                  TenantReason.InsufficientPrivilege,
                  "the user may not create objects in schema " + schema,
                  "42501")
              .toException();
        }
        return row.getBoolean("occupied") ? History.UNADOPTED : History.EMPTY;
      }
    }
  }
}
