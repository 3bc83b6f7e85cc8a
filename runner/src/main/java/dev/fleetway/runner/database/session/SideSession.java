package dev.fleetway.runner.database.session;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A second connection to a tenant's server, to look at the first one from outside. Opened only when
 * something takes long or has gone wrong: a tenant that does well has one connection.
 */
public final class SideSession {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final TenantSpec.Database database;
  private final Login login;
  private final String applicationName;

  public SideSession(TenantSpec.Database database, Login login, String applicationName) {
    this.database = database;
    this.login = login;
    this.applicationName = applicationName + " watch";
  }

  /** Reads only, waits for nothing long, and knows no name but the server's own. */
  Connection open() throws SQLException, TenantFailureException {
    Connection connection = TenantSession.connect(database, login, applicationName, PATIENCE);
    boolean ready = false;
    try (Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.plusSeconds(1).toMillis());
      try (ResultSet row =
          statement.executeQuery(
              "SELECT pg_catalog.pg_backend_pid(),"
                  + " pg_catalog.set_config('search_path', 'pg_catalog', false),"
                  + " pg_catalog.set_config('default_transaction_read_only', 'on', false),"
                  + " pg_catalog.set_config('statement_timeout', '"
                  + TenantSession.millis(PATIENCE)
                  + "', false)")) {
        row.next();
        // Behind a pooler the number of the other session means nothing.
        SessionSettings.refusePooler(connection, row.getInt(1));
      }
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        connection.close();
      }
    }
  }
}
