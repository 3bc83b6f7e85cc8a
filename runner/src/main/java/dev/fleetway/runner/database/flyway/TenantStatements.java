package dev.fleetway.runner.database.flyway;

import dev.fleetway.runner.database.session.SessionSettings;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.internal.database.DatabaseType;
import org.flywaydb.core.internal.exception.FlywaySqlException;
import org.flywaydb.core.internal.jdbc.JdbcTemplate;
import org.flywaydb.core.internal.jdbc.RowMapper;
import org.postgresql.PGConnection;

/**
 * Flyway's own statements, those of scripts excepted, in few messages to the server. While Flyway's
 * lock is held nobody else writes the history: what was read is not read again, and what belongs to
 * a history row (role, row, COMMIT, settings for the next script, the history since) is one
 * message.
 */
final class TenantStatements extends JdbcTemplate {
  private static final String TRY_LOCK = "SELECT pg_try_advisory_lock(";
  private static final String UNLOCK = "SELECT pg_advisory_unlock(";
  private static final String HOSTED_BY_RDS = "'rds_superuser'";
  private static final int BEFORE_ALL = -1;

  private final TenantConnection tenant;
  private String insert;
  private String select;
  private String role;
  private boolean locked;
  private String unlock;

  /** The highest rank that Flyway was given; it never asks for the rows up to it again. */
  private int seen = BEFORE_ALL;

  /** Flyway was given every row. */
  private boolean complete;

  /** Rows that came with the last history row, and that Flyway has not asked for yet. */
  private ResultSet ahead;

  TenantStatements(TenantConnection tenant, DatabaseType type) {
    super(tenant, type);
    this.tenant = tenant;
  }

  /** How Flyway writes a history row, and how it reads the rows after a rank. */
  void historyIs(String insertStatement, String selectStatement) {
    insert = insertStatement;
    select = selectStatement;
  }

  boolean historyExists() {
    return tenant.historyExists();
  }

  /** The role that the session began with. */
  String role() {
    return role;
  }

  boolean isLocked() {
    return locked;
  }

  /**
   * Reads the history that exists. Not with the lock, because where transactions see one moment by
   * default it would be one before the lock; and not when Flyway asks, in a transaction for that.
   */
  void readAhead() throws SQLException {
    if (historyExists()) {
      ahead = prepareStatement(select, new Object[] {seen}).executeQuery();
    }
  }

  /** Gives Flyway's lock back. */
  void unlock() {
    if (unlock == null) {
      return;
    }
    String statement = unlock;
    unlock = null;
    locked = false;
    complete = false;
    try {
      super.queryForBoolean(statement);
    } catch (SQLException e) {
      throw new FlywaySqlException("Unable to release PostgreSQL advisory lock", e);
    }
  }

  @Override
  public boolean queryForBoolean(String sql, String... parameters) throws SQLException {
    if (locked && sql.startsWith(UNLOCK)) {
      unlock = sql;
      return true;
    }
    return super.queryForBoolean(sql, parameters);
  }

  @Override
  public String queryForString(String sql, String... parameters) throws SQLException {
    // For Flyway's telemetry, which does not run here.
    return sql.contains(HOSTED_BY_RDS) ? null : super.queryForString(sql, parameters);
  }

  @Override
  public <T> List<T> query(String sql, RowMapper<? extends T> mapper, Object... parameters)
      throws SQLException {
    if (sql.startsWith(TRY_LOCK)) {
      return tryLock(sql, mapper);
    }
    return sql.equals(select)
        ? history(mapper, (Integer) parameters[0])
        : super.query(sql, mapper, parameters);
  }

  private <T> List<T> tryLock(String sql, RowMapper<? extends T> mapper) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql + "; SELECT CURRENT_USER")) {
      statement.execute();
      List<T> answer = mapped(statement.getResultSet(), mapper);
      locked = answer.contains(true);
      result(statement, 1).next();
      role = statement.getResultSet().getString(1);
      return answer;
    }
  }

  private <T> List<T> history(RowMapper<? extends T> mapper, int after) throws SQLException {
    if (complete && after == seen) {
      return List.of();
    }
    RowMapper<T> noting =
        row -> {
          seen = Math.max(seen, row.getInt("installed_rank"));
          return mapper.mapRow(row);
        };
    List<T> rows;
    if (ahead != null && after == seen) {
      rows = mapped(ahead, noting);
      ahead.getStatement().close();
    } else {
      rows = super.query(select, noting, after);
    }
    ahead = null;
    complete = locked;
    return rows;
  }

  @Override
  public void update(String sql, Object... parameters) throws SQLException {
    if (!sql.equals(insert)) {
      super.update(sql, parameters);
      return;
    }
    SessionSettings settings = tenant.guard().settings();
    List<String> message = new ArrayList<>();
    message.add("SET ROLE '" + connection.unwrap(PGConnection.class).escapeLiteral(role) + "'");
    message.add(sql);
    if (!connection.getAutoCommit()) {
      // Flyway does nothing else in this transaction: its own commit finds it committed.
      message.add("COMMIT");
    }
    message.add(settings.sql());
    message.add(select);
    List<Object> values = new ArrayList<>(Arrays.asList(parameters));
    values.addAll(settings.values());
    values.add(seen);
    complete = false;
    PreparedStatement statement = prepareStatement(String.join("; ", message), values.toArray());
    statement.execute();
    ahead = result(statement, message.size() - 1);
    tenant.guard().settingsAreFresh();
  }

  /** The rows of the statement that stands so many after the current one. */
  private static ResultSet result(PreparedStatement statement, int further) throws SQLException {
    boolean rows = false;
    for (int i = 0; i < further; i++) {
      rows = statement.getMoreResults();
    }
    if (!rows) {
      throw new SQLException("the last statement of a message has no rows");
    }
    return statement.getResultSet();
  }

  private static <T> List<T> mapped(ResultSet rows, RowMapper<? extends T> mapper)
      throws SQLException {
    List<T> mapped = new ArrayList<>();
    while (rows.next()) {
      mapped.add(mapper.mapRow(rows));
    }
    return mapped;
  }
}
