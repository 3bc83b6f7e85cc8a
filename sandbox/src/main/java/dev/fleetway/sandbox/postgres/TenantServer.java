package dev.fleetway.sandbox.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An embedded PostgreSQL server with one role that owns the tenants' databases. Passwords are
 * checked, as on a server that matters. Close deletes everything.
 */
public final class TenantServer implements AutoCloseable {
  /** The role that owns the databases. */
  public static final String USER = "fleet";

  private static final int PARALLEL_SESSIONS = 6;
  private static final String MAX_CONNECTIONS = "200";
  private static final Duration STARTUP = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;
  private final String password = UUID.randomUUID().toString();

  private TenantServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts a server.
   *
   * @param directory takes data and log; the programs are unpacked beside the temporary files
   */
  public static TenantServer start(Path directory) {
    try {
      Files.createDirectories(directory);
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setDataDirectory(directory.resolve("data"))
              .setCleanDataDirectory(true)
              .setPGStartupWait(STARTUP)
              .setServerConfig("max_connections", MAX_CONNECTIONS)
              .setLocaleConfig("locale", "C")
              .setLocaleConfig("encoding", "UTF-8")
              .setDataDirectoryCustomizer(TenantServer::checkPasswords)
              .setErrorRedirector(log(directory))
              .setOutputRedirector(log(directory))
              .start();
      TenantServer started = new TenantServer(server);
      started.createRole();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessBuilder.Redirect log(Path directory) {
    return ProcessBuilder.Redirect.appendTo(directory.resolve("postgres.log").toFile());
  }

  /** The superuser, used here only, needs no password; everyone else does. */
  private static void checkPasswords(File dataDirectory) {
    try {
      Files.writeString(
          dataDirectory.toPath().resolve("pg_hba.conf"),
          """
          host all postgres 127.0.0.1/32 trust
          host all postgres ::1/128      trust
          host all all      127.0.0.1/32 scram-sha-256
          host all all      ::1/128      scram-sha-256
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void createRole() {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + USER + " LOGIN CREATEDB PASSWORD '" + password + "'");
    } catch (SQLException e) {
      throw new IllegalStateException("the embedded PostgreSQL refuses its first statement", e);
    }
  }

  /** The host name of this server. */
  public String host() {
    return "127.0.0.1";
  }

  /** The port of this server. */
  public int port() {
    return server.getPort();
  }

  /** The password of {@link #USER}. */
  public String password() {
    return password;
  }

  /** The version of this server, as it says it. */
  public String version() {
    return query("postgres", "SHOW server_version").get(0).get(0);
  }

  private Connection connect(String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host()});
    source.setPortNumbers(new int[] {port()});
    source.setDatabaseName(database);
    source.setUser(USER);
    source.setPassword(password);
    return source.getConnection();
  }

  /** Runs one or more statements in autocommit mode as {@link #USER}. */
  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("database " + database + ": " + e.getMessage(), e);
    }
  }

  /** Rows of a query as text, null as the empty string. */
  public List<List<String>> query(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          String value = result.getString(column);
          row.add(value == null ? "" : value);
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException("database " + database + ": " + e.getMessage(), e);
    }
  }

  /** Creates databases owned by {@link #USER}. */
  public void createDatabases(List<String> names) {
    // one session: concurrent copies of a template wait for each other
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      for (String name : names) {
        statement.execute("CREATE DATABASE \"" + name + "\" STRATEGY wal_log");
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create databases: " + e.getMessage(), e);
    }
  }

  /** Asks every database something, several at a time; answers in the order of the names. */
  public <T> List<T> forEach(List<String> databases, Function<String, T> question) {
    ExecutorService sessions = Executors.newFixedThreadPool(PARALLEL_SESSIONS);
    try {
      List<Future<T>> answers = new ArrayList<>();
      for (String database : databases) {
        answers.add(sessions.submit(() -> question.apply(database)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> answer : answers) {
        results.add(answer.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } finally {
      sessions.shutdownNow();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
