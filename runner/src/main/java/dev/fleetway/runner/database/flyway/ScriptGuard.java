package dev.fleetway.runner.database.flyway;

import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.leftover.Leftovers;
import dev.fleetway.runner.database.session.SessionSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Runs before each script: remembers its version, and sees to it that the session is set anew,
 * which an earlier script may have changed. Scripts outside a transaction get no lock timeout: the
 * wait of CONCURRENTLY for old snapshots counts as one, and a timeout would leave an INVALID index.
 * What an earlier one left is cleared here, under Flyway's lock.
 */
public final class ScriptGuard implements Callback {
  private static final String SET =
      "SELECT pg_catalog.set_config('lock_timeout', ?, false),"
          + " pg_catalog.set_config('search_path', ?, false),"
          + " pg_catalog.set_config('client_min_messages', 'error', false),"
          + " pg_catalog.set_config('statement_timeout', ?, false)";

  private final String lockTimeoutMillis;
  private final String searchPath;
  private final String statementTimeoutMillis;
  private final Leftovers leftovers;
  private final String schema;
  private volatile MigrationVersion version;
  private boolean fresh = true;

  public ScriptGuard(
      String lockTimeoutMillis,
      String searchPath,
      String statementTimeoutMillis,
      Leftovers leftovers,
      String schema) {
    this.lockTimeoutMillis = lockTimeoutMillis;
    this.searchPath = searchPath;
    this.statementTimeoutMillis = statementTimeoutMillis;
    this.leftovers = leftovers;
    this.schema = schema;
  }

  /** The version that was begun last. */
  public Optional<MigrationVersion> version() {
    return Optional.ofNullable(version);
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_EACH_MIGRATE;
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public void handle(Event event, Context context) {
    version = context.getMigrationInfo().getVersion();
    Connection connection = context.getConnection();
    try {
      // Flyway has begun its transaction by now, if the script gets one.
      boolean alone = connection.getAutoCommit();
      if (alone) {
        set(connection, settings("0"));
      } else if (!fresh) {
        set(connection, settings());
      }
      fresh = false;
      if (alone && version != null) {
        leftovers.beforeScript(connection, schema, version);
      }
    } catch (SQLException e) {
      throw new FlywayException("cannot prepare the session", e);
    } catch (TenantFailureException e) {
      throw new FlywayException("the script cannot run", e);
    }
  }

  private static void set(Connection connection, SessionSettings settings) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(settings.sql())) {
      settings.bind(statement);
      statement.execute();
    }
  }

  /** What a script in a transaction finds. */
  SessionSettings settings() {
    return settings(lockTimeoutMillis);
  }

  private SessionSettings settings(String lockTimeout) {
    return new SessionSettings(SET, List.of(lockTimeout, searchPath, statementTimeoutMillis));
  }

  /** {@link #settings()} were set, and no script has run since. */
  void settingsAreFresh() {
    fresh = true;
  }

  @Override
  public String getCallbackName() {
    return "fleetway";
  }
}
