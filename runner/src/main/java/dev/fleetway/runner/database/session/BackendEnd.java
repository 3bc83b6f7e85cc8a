package dev.fleetway.runner.database.session;

import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that a cancelled session has left the server: a connection that was cut on our side says
 * nothing about its backend, which may work on and hold its locks. One that lives on is terminated.
 */
public final class BackendEnd {
  private static final Logger LOG = LoggerFactory.getLogger(BackendEnd.class);
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final long LOOK_MILLIS = 50;

  // The pid alone could be another session's by now. No privilege is needed to see these columns.
  private static final String BACKENDS =
      " FROM pg_stat_activity WHERE pid = ? AND datname = current_database()"
          + " AND usename = session_user";

  private final SideSession side;

  public BackendEnd(SideSession side) {
    this.side = side;
  }

  /** What is left to say about the backend: nothing when it is proven gone. */
  public String prove(int pid) {
    try (Connection connection = side.open()) {
      if (isGone(connection, pid)) {
        return "";
      }
      terminate(connection, pid);
      return isGone(connection, pid)
          ? ""
          : "; its backend, pid "
              + pid
              + ", is still at work and may hold locks: run SELECT pg_terminate_backend("
              + pid
              + ") as a superuser";
    } catch (SQLException e) {
      LOG.warn("no proof that backend {} has ended: SQLSTATE {}", pid, e.getSQLState());
    } catch (TenantFailureException e) {
      LOG.warn("no proof that backend {} has ended: {}", pid, e.failure().reason());
    }
    return "; it could not be proven that its backend, pid "
        + pid
        + ", has ended, because the server did not answer: look for it in pg_stat_activity before"
        + " the next attempt";
  }

  private static boolean isGone(Connection connection, int pid) throws SQLException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_sleep(?), count(*)" + BACKENDS)) {
      double wait = 0;
      while (System.nanoTime() < end) {
        statement.setDouble(1, wait);
        statement.setInt(2, pid);
        try (ResultSet row = statement.executeQuery()) {
          if (row.next() && row.getInt(2) == 0) {
            return true;
          }
        }
        wait = LOOK_MILLIS / 1_000.0;
      }
    }
    return false;
  }

  private static void terminate(Connection connection, int pid) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_terminate_backend(pid)" + BACKENDS)) {
      statement.setInt(1, pid);
      statement.execute();
      LOG.warn("backend {} did not obey the cancel and was terminated", pid);
    }
  }
}
