package dev.fleetway.cli.tenant.imports;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** The answer of a query, read in a read-only transaction. */
final class SqlSource {
  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile("(?i).*([?&;](password|pwd)=|//[^/@]*:[^/@]*@).*");
  private static final int FETCH = 1_000;

  private SqlSource() {}

  /**
   * Asks the database.
   *
   * @param user may be null: the URL or the driver's own files know it
   * @param password may be null
   */
  static SourceTable read(String url, String user, String password, String query) {
    if (PASSWORD_IN_URL.matcher(url).matches()) {
      throw CommandFailure.usage(
          "the JDBC URL holds a password, which everybody on this machine can read off the command"
              + " line: use --jdbc-password-file or the variable FLEETWAY_JDBC_PASSWORD");
    }
    Properties login = new Properties();
    if (user != null) {
      login.setProperty("user", user);
    }
    if (password != null) {
      login.setProperty("password", password);
    }
    try (Connection connection = DriverManager.getConnection(url, login)) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(FETCH);
        try (ResultSet answer = statement.executeQuery(query)) {
          return table(answer);
        }
      }
    } catch (SQLException e) {
      throw new CommandFailure(ExitCode.USAGE, explain(e), e);
    }
  }

  private static SourceTable table(ResultSet answer) throws SQLException {
    ResultSetMetaData meta = answer.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(meta.getColumnLabel(i));
    }
    List<SourceTable.Row> rows = new ArrayList<>();
    while (answer.next()) {
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 1; i <= columns.size(); i++) {
        String value = answer.getString(i);
        if (value != null && !value.isEmpty()) {
          values.put(columns.get(i - 1), value);
        }
      }
      rows.add(new SourceTable.Row("row " + (rows.size() + 1), values));
    }
    return new SourceTable("the query", columns, rows);
  }

  private static String explain(SQLException e) {
    String said = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (said.startsWith("No suitable driver")) {
      return "no driver for this JDBC URL: jdbc:postgresql://… works, for others export a CSV or JSON"
          + " and use --csv or --json";
    }
    // 08004: a password was asked for and there is none
    if (state.startsWith("28") || state.equals("08004")) {
      return "the database does not accept the login: check --jdbc-user and the password";
    }
    if (state.startsWith("08")) {
      return "the database does not answer: " + said + " Check --jdbc-url";
    }
    return "the query failed (" + state + "): " + said;
  }
}
