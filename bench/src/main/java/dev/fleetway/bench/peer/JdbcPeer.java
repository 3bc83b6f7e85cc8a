package dev.fleetway.bench.peer;

import dev.fleetway.bench.tool.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The limit: the least that a careful program can do. One connection per database, one query for
 * what is applied, and per script one transaction with one history row. With {@code -Done=true} all
 * scripts of a database share one transaction. No lock, no check, no outcome anywhere.
 */
final class JdbcPeer {
  private record Script(String version, String sql) {}

  private final boolean oneTransaction = Boolean.getBoolean("one");
  private final List<Script> scripts;

  private JdbcPeer(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      this.scripts = files.sorted().map(JdbcPeer::script).toList();
    }
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    Peer.run(arguments, new Lazy());
  }

  /** Reads the scripts with the first database: that belongs to the work of every tool. */
  private static final class Lazy implements Peer.Migration {
    private JdbcPeer peer;

    @Override
    public void migrate(Workload workload, String database) throws IOException, SQLException {
      peer(workload).migrate(workload, database);
    }

    private synchronized JdbcPeer peer(Workload workload) throws IOException {
      if (peer == null) {
        peer = new JdbcPeer(Path.of(workload.scripts()));
      }
      return peer;
    }
  }

  private static Script script(Path file) {
    String name = file.getFileName().toString();
    try {
      return new Script(name.substring(1, name.indexOf("__")), Files.readString(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void migrate(Workload workload, String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {workload.host()});
    source.setPortNumbers(new int[] {workload.port()});
    source.setDatabaseName(database);
    source.setUser(workload.user());
    source.setPassword(workload.password());
    source.setSslmode("disable");
    try (Connection connection = source.getConnection()) {
      Set<String> applied = applied(connection);
      connection.setAutoCommit(false);
      for (Script script : scripts) {
        if (!applied.contains(script.version())) {
          apply(connection, script);
          if (!oneTransaction) {
            connection.commit();
          }
        }
      }
      connection.commit();
    }
  }

  private static Set<String> applied(Connection connection) throws SQLException {
    Set<String> versions = new HashSet<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT version FROM history")) {
        while (rows.next()) {
          versions.add(rows.getString(1));
        }
      } catch (SQLException e) {
        statement.execute(
            "CREATE TABLE history (version text PRIMARY KEY, applied timestamptz DEFAULT now())");
      }
    }
    return versions;
  }

  private static void apply(Connection connection, Script script) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO history (version) VALUES (?)")) {
      statement.execute(script.sql());
      insert.setString(1, script.version());
      insert.executeUpdate();
    }
  }
}
