package dev.fleetway.runner.database.leftover;

import dev.fleetway.runner.database.leftover.ConcurrentIndexes.Index;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How the catalog knows an index that a script names. */
enum IndexState {
  ABSENT,
  VALID,
  INVALID;

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

  /** An index outside the tenant's schema is nobody's business here: ABSENT. */
  static IndexState of(Connection connection, String schema, Index index) throws SQLException {
    if (!isIn(schema, index)) {
      return ABSENT;
    }
    try (PreparedStatement statement = connection.prepareStatement(INDEX)) {
      statement.setString(1, schema);
      statement.setString(2, index.table());
      statement.setString(3, index.name());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return ABSENT;
        }
        return row.getBoolean(1) ? VALID : INVALID;
      }
    }
  }

  static boolean isIn(String schema, Index index) {
    return index.schema().orElse(schema).equals(schema);
  }
}
