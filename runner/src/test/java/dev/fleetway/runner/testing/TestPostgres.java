package dev.fleetway.runner.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL server: a container where a Docker engine answers, the embedded binaries
 * otherwise. Ordinary roles must log in with their password in both.
 */
public final class TestPostgres implements AutoCloseable {
  /** The oldest version that is supported, and the newest. */
  public enum Version {
    V15("postgres:15"),
    NEWEST("postgres:18");

    private final String image;

    Version(String image) {
      this.image = image;
    }
  }

  private static final String SUPERUSER = "postgres";
  private static final Map<Version, TestPostgres> SHARED = new ConcurrentHashMap<>();

  private final String host;
  private final int port;
  private final AutoCloseable server;

  private TestPostgres(String host, int port, AutoCloseable server) {
    this.host = host;
    this.port = port;
    this.server = server;
  }

  /** The one server of this version in this JVM; it ends with the JVM. */
  public static TestPostgres shared(Version version) {
    return SHARED.computeIfAbsent(version, TestPostgres::start);
  }

  public static TestPostgres start(Version version) {
    return start(version, Map.of());
  }

  /**
   * A server of its own.
   *
   * @param settings server settings, on top of the defaults
   */
  public static TestPostgres start(Version version, Map<String, String> settings) {
    try {
      return DockerClientFactory.instance().isDockerAvailable()
          ? container(version, settings)
          : embedded(version, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** A new database whose owner is an ordinary role with this password. */
  public void createDatabase(String name, String owner, String password) {
    execute("postgres", "DROP DATABASE IF EXISTS \"%s\" WITH (FORCE)".formatted(name));
    execute(
        "postgres",
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN"
                .formatted(owner)
            + " CREATE ROLE \"%s\" LOGIN PASSWORD '%s'; END IF; END $$".formatted(owner, password));
    execute("postgres", "CREATE DATABASE \"%s\" OWNER \"%s\"".formatted(name, owner));
  }

  /** Runs statements as the superuser. */
  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of a query's rows, as the superuser sees them. */
  public List<String> query(String database, String sql, String... parameters) {
    try (Connection connection = connect(database);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      List<String> values = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection of the superuser. */
  public Connection connect(String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(SUPERUSER);
    source.setPassword(SUPERUSER);
    return source.getConnection();
  }

  /** Writes a file into the server's data directory, readable for the server alone. */
  public void writeServerFile(String name, String content) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT regexp_split_to_table($text$%s$text$, '\\n')) TO PROGRAM 'umask 077; cat > %s'"
              .formatted(content.strip(), name));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static TestPostgres container(Version version, Map<String, String> settings) {
    PostgreSQLContainer container =
        new PostgreSQLContainer(version.image).withUsername(SUPERUSER).withPassword(SUPERUSER);
    List<String> command = new ArrayList<>(List.of("postgres", "-c", "fsync=off"));
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    container.setCommand(command.toArray(String[]::new));
    container.start();
    return new TestPostgres(
        container.getHost(),
        container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
        container);
  }

  private static TestPostgres embedded(Version version, Map<String, String> settings)
      throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder().setServerConfig("max_connections", "60");
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      builder = builder.setServerConfig(setting.getKey(), setting.getValue());
    }
    if (version == Version.V15) {
      builder = builder.setPgBinaryResolver(new BinariesInJar(postgres15()));
    }
    EmbeddedPostgres server = builder.start();
    TestPostgres postgres = new TestPostgres("localhost", server.getPort(), server);
    // The binaries' default lets everybody in.
    postgres.writeServerFile(
        "pg_hba.conf",
        """
        local all all trust
        host all %s all trust
        host all all all scram-sha-256
        """
            .formatted(SUPERUSER));
    postgres.execute("postgres", "SELECT pg_reload_conf()");
    return postgres;
  }

  private static Path postgres15() {
    Path jar = Path.of("target", "postgres", "postgres-15.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException("the build copies " + jar + " in process-test-resources");
    }
    return jar;
  }

  /** Binaries of another version than the one on the class path. */
  private record BinariesInJar(Path jar) implements PgBinaryResolver {
    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        ZipEntry archive =
            zip.stream()
                .filter(entry -> entry.getName().endsWith(".txz"))
                .findFirst()
                .orElseThrow(() -> new FileNotFoundException("no archive in " + jar));
        return new ByteArrayInputStream(zip.getInputStream(archive).readAllBytes());
      }
    }
  }
}
