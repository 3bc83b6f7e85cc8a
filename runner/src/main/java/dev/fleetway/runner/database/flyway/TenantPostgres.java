package dev.fleetway.runner.database.flyway;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.internal.database.base.Database;
import org.flywaydb.core.internal.database.base.Schema;
import org.flywaydb.core.internal.database.base.Table;
import org.flywaydb.core.internal.jdbc.JdbcConnectionFactory;
import org.flywaydb.core.internal.jdbc.JdbcTemplate;
import org.flywaydb.core.internal.jdbc.StatementInterceptor;
import org.flywaydb.database.postgresql.PostgreSQLConnection;
import org.flywaydb.database.postgresql.PostgreSQLDatabase;
import org.flywaydb.database.postgresql.PostgreSQLDatabaseType;
import org.flywaydb.database.postgresql.PostgreSQLSchema;
import org.flywaydb.database.postgresql.PostgreSQLTable;

/**
 * Flyway's PostgreSQL on a tenant's session: it does not ask what the runner knows, and holds
 * Flyway's lock from the first question to the end. Flyway finds it as a plugin, and uses it for
 * nothing but a {@link OneConnection}.
 */
public final class TenantPostgres extends PostgreSQLDatabaseType {
  /** Before Flyway's own. */
  @Override
  public int getPriority() {
    return super.getPriority() + 1;
  }

  @Override
  public boolean handlesDatabaseProductNameAndVersion(
      String name, String version, Connection connection) {
    return connection instanceof TenantConnection
        && super.handlesDatabaseProductNameAndVersion(name, version, connection);
  }

  /** No URL leads here. */
  @Override
  public boolean handlesJDBCUrl(String url) {
    return false;
  }

  @Override
  public Database<?> createDatabase(
      Configuration configuration,
      JdbcConnectionFactory connections,
      StatementInterceptor interceptor) {
    return new TenantDatabase(configuration, connections, interceptor);
  }

  private static final class TenantDatabase extends PostgreSQLDatabase {
    TenantDatabase(
        Configuration configuration,
        JdbcConnectionFactory connections,
        StatementInterceptor interceptor) {
      super(configuration, connections, interceptor);
    }

    @Override
    protected PostgreSQLConnection doGetConnection(Connection connection) {
      return new Session(this, connection);
    }

    /** The first that Flyway does on the session; whatever it reads later stays true. */
    @Override
    public void ensureSupported(Configuration configuration) {
      super.ensureSupported(configuration);
      session().lockForGood(configuration);
    }

    /** For placeholders and a result that nobody reads. */
    @Override
    protected String doGetCatalog() {
      return "";
    }

    @Override
    protected String doGetCurrentUser() {
      return session().statements().role();
    }

    @Override
    public void close() {
      try {
        session().statements().unlock();
      } finally {
        super.close();
      }
    }

    private Session session() {
      return (Session) getMainConnection();
    }
  }

  @SuppressWarnings("rawtypes") // Flyway's signatures are.
  private static final class Session extends PostgreSQLConnection {
    Session(TenantDatabase database, Connection connection) {
      super(database, connection);
    }

    TenantStatements statements() {
      return (TenantStatements) jdbcTemplate;
    }

    void lockForGood(Configuration configuration) {
      Table<?, ?> history =
          getSchema(configuration.getDefaultSchema()).getTable(configuration.getTable());
      statements()
          .historyIs(database.getInsertStatement(history), database.getSelectStatement(history));
      lock(
          history,
          () -> {
            statements().readAhead();
            return null;
          });
    }

    /** Asked for by Flyway's constructor, before anything else is: the place to take over. */
    @Override
    protected String getCurrentSchemaNameOrSearchPath() {
      if (!(jdbcTemplate instanceof TenantStatements)) {
        jdbcTemplate =
            new TenantStatements(
                (TenantConnection) jdbcTemplate.getConnection(), database.getDatabaseType());
      }
      // ScriptGuard sets the search path. This one never changes, so it is never restored.
      return "";
    }

    /** For placeholders, which are off. */
    @Override
    public Schema doGetCurrentSchema() {
      return getSchema(database.getConfiguration().getDefaultSchema());
    }

    @Override
    public void changeCurrentSchemaTo(Schema schema) {}

    @Override
    protected void doUpdateOriginalState() {}

    /** The role, which a script may change: each history row brings it back. */
    @Override
    protected void doRestoreOriginalState() {}

    @Override
    public Schema<?, ?> getSchema(String name) {
      return new ExistingSchema(jdbcTemplate, (TenantDatabase) database, name);
    }

    @Override
    public <T> T lock(Table table, Callable<T> callable) {
      if (!statements().isLocked()) {
        return super.lock(table, callable);
      }
      try {
        return callable.call();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new FlywayException(e);
      }
    }
  }

  /** {@link HistoryReader} looked. */
  private static final class ExistingSchema extends PostgreSQLSchema {
    ExistingSchema(JdbcTemplate statements, TenantDatabase database, String name) {
      super(statements, database, name);
    }

    @Override
    protected boolean doExists() {
      return true;
    }

    @Override
    public Table<?, ?> getTable(String name) {
      return new HistoryTable(jdbcTemplate, database, this, name);
    }
  }

  /** Once there, it stays. */
  private static final class HistoryTable extends PostgreSQLTable {
    private boolean exists;

    HistoryTable(
        JdbcTemplate statements, PostgreSQLDatabase database, ExistingSchema schema, String name) {
      super(statements, database, schema, name);
      this.exists = ((TenantStatements) statements).historyExists();
    }

    @Override
    protected boolean doExists() throws SQLException {
      exists = exists || super.doExists();
      return exists;
    }
  }
}
