package dev.fleetway.runner.database.session;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * A session's settings as one SELECT, which also says what the server is: as values of set_config
 * they need no quoting.
 *
 * @param sql the statement; its first columns are {@link #SERVER}
 * @param values its parameters
 */
public record SessionSettings(String sql, List<String> values) {
  static final String SERVER =
      "pg_catalog.pg_backend_pid(), pg_catalog.current_setting('transaction_read_only'),"
          + " pg_catalog.pg_is_in_recovery()";

  /**
   * What the server says of itself.
   *
   * @param readOnly transactions may not write
   * @param standby because the server follows another one
   */
  public record Server(boolean readOnly, boolean standby) {}

  public SessionSettings {
    values = List.copyOf(values);
  }

  /** Sets them. */
  public Server apply(Connection connection) throws SQLException, TenantFailureException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement);
      try (ResultSet row = statement.executeQuery()) {
        return server(connection, row);
      }
    }
  }

  /** Fills the first parameters of a statement that starts with {@link #sql}. */
  public void bind(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setString(i + 1, values.get(i));
    }
  }

  /** Reads the answer. */
  public static Server server(Connection connection, ResultSet row)
      throws SQLException, TenantFailureException {
    if (!row.next()) {
      throw new SQLException("a row that is always there is missing");
    }
    refusePooler(connection, row.getInt(1));
    return new Server(row.getString(2).equals("on"), row.getBoolean(3));
  }

  /** A pooler gives its clients numbers of its own; a server's are those of its processes. */
  public static void refusePooler(Connection connection, int pid)
      throws SQLException, TenantFailureException {
    if (connection.unwrap(PGConnection.class).getBackendPID() != pid) {
      throw new TenantFailure(
              TenantReason.PoolerNotSupported,
              "the login was answered by something else than the server's process, as poolers do")
          .toException();
    }
  }
}
