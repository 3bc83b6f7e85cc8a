package dev.fleetway.runner.database.session;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** Opens a tenant's only connection and prepares its session. */
public final class TenantSession {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** The server's own timeouts come a little later than ours, for the case that we are gone. */
  private static final Duration SERVER_MARGIN = Duration.ofSeconds(5);

  /** Of one statement, as a share of the heap. */
  private static final String LARGEST_ANSWER = "5p";

  private static final Duration LONGEST_IDLE_TRANSACTION = Duration.ofMinutes(1);

  /** How soon the server sees that the other end is gone: closed, or silent. */
  private static final String LIVENESS =
      "('client_connection_check_interval', '2s'), ('tcp_keepalives_idle', '30'),"
          + " ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3')";

  private TenantSession() {}

  static Connection connect(
      TenantSpec.Database database, Login login, String applicationName, Duration remaining)
      throws SQLException, TenantFailureException {
    return connect(database, login, applicationName, remaining, null);
  }

  /**
   * Opens the connection.
   *
   * @param options settings for the start-up packet, such as {@code -c name=value}; null for none.
   *     Never made from input
   */
  static Connection connect(
      TenantSpec.Database database,
      Login login,
      String applicationName,
      Duration remaining,
      String options)
      throws SQLException, TenantFailureException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {database.host()});
    source.setPortNumbers(new int[] {database.port()});
    source.setDatabaseName(database.name());
    source.setUser(login.user());
    source.setPassword(login.password());
    source.setApplicationName(applicationName);
    source.setOptions(options);
    source.setSslMode(database.sslMode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    int seconds = (int) Math.max(1, min(CONNECT_TIMEOUT, remaining).toSeconds());
    source.setConnectTimeout(seconds);
    // Bounds what connectTimeout does not: name resolution, TLS and the login itself.
    source.setLoginTimeout(seconds);
    // Ends the driver's thread too, which the login timeout leaves behind on a silent server.
    source.setSocketTimeout(seconds + 1);
    source.setCancelSignalTimeout(5);
    source.setTcpKeepAlive(true);
    // Saves two round trips: the driver sends its settings with the login.
    source.setAssumeMinServerVersion("9.0");
    source.setPreferQueryMode(PreferQueryMode.EXTENDED);
    // Each SET ROLE makes the driver prepare everything anew: not worth it.
    source.setPrepareThreshold(0);
    // One tenant's answer must not take the heap from the others; Flyway copies what it reads.
    source.setMaxResultBuffer(LARGEST_ANSWER);
    // DETAIL is row data.
    source.setLogServerErrorDetail(false);
    Connection connection = open(source, database.sslMode(), login);
    connection.setNetworkTimeout(Runnable::run, 0);
    return connection;
  }

  private static Connection open(PGSimpleDataSource source, SslMode mode, Login login)
      throws SQLException, TenantFailureException {
    if (mode == SslMode.DISABLE) {
      return source.getConnection();
    }
    try (TlsSocketFactory.Ticket ticket =
        TlsSocketFactory.offer(TenantTls.context(mode, login), mode == SslMode.VERIFY_FULL)) {
      source.setSslfactory(TlsSocketFactory.class.getName());
      source.setSslFactoryArg(ticket.word());
      return source.getConnection();
    } catch (SQLException e) {
      if (login.clientCertificate().isPresent() && TlsRefusal.isHangUp(e)) {
        throw TlsRefusal.ofClientCertificate().toException();
      }
      throw e;
    }
  }

  /**
   * All settings, and what the server says of itself. Only the names inside search_path need
   * quoting. The role comes last: it may not be allowed the others. Until then the search path is
   * the database's or the user's: functions and operators are qualified.
   */
  public static SessionSettings settings(
      Connection connection, TenantSpec.Database database, Duration remaining, Duration lockTimeout)
      throws SQLException {
    List<String> expressions = new ArrayList<>();
    List<String> values = new ArrayList<>();
    expressions.add(SessionSettings.SERVER);
    set(expressions, values, "statement_timeout", millis(remaining.plus(SERVER_MARGIN)));
    set(
        expressions,
        values,
        "idle_in_transaction_session_timeout",
        millis(min(remaining.plus(SERVER_MARGIN), LONGEST_IDLE_TRANSACTION)));
    set(expressions, values, "lock_timeout", millis(lockTimeout));
    set(expressions, values, "search_path", searchPath(connection, database));
    // The driver would keep every notice of a statement, and nobody reads them.
    set(expressions, values, "client_min_messages", "error");
    // Only some versions and platforms know the first, and some refuse any value but 0.
    expressions.add(
        "(SELECT pg_catalog.count(pg_catalog.set_config(s.name, v.setting, false))"
            + " FROM pg_catalog.pg_settings s JOIN (VALUES "
            + LIVENESS
            + ") AS v (name, setting) ON s.name OPERATOR(pg_catalog.=) v.name"
            + " WHERE pg_catalog.version() OPERATOR(pg_catalog.~~) '%linux%')");
    if (database.role() != null) {
      set(expressions, values, "role", database.role());
    }
    return new SessionSettings("SELECT " + String.join(", ", expressions), values);
  }

  /** The tenant's schema and its extension schemas, and nothing else. */
  public static String searchPath(Connection connection, TenantSpec.Database database)
      throws SQLException {
    PGConnection driver = connection.unwrap(PGConnection.class);
    List<String> schemas = new ArrayList<>();
    schemas.add(driver.escapeIdentifier(database.schema()));
    if (database.extensionSchemas() != null) {
      for (String schema : database.extensionSchemas()) {
        schemas.add(driver.escapeIdentifier(schema));
      }
    }
    return schemas.stream().distinct().collect(Collectors.joining(", "));
  }

  public static String millis(Duration duration) {
    return Long.toString(Math.min(Integer.MAX_VALUE, Math.max(0, duration.toMillis())));
  }

  private static void set(
      List<String> expressions, List<String> values, String name, String value) {
    expressions.add("pg_catalog.set_config('" + name + "', ?, false)");
    values.add(value);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
