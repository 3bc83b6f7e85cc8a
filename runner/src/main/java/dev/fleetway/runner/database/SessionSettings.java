package dev.fleetway.runner.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A session's settings as one SELECT: as values of set_config they need no quoting.
 *
 * @param sql the statement
 * @param values its parameters
 */
record SessionSettings(String sql, List<String> values) {
  SessionSettings {
    values = List.copyOf(values);
  }

  /** Sets them. */
  void apply(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement);
      statement.execute();
    }
  }

  /** Fills the first parameters of a statement that starts with {@link #sql}. */
  void bind(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setString(i + 1, values.get(i));
    }
  }
}
