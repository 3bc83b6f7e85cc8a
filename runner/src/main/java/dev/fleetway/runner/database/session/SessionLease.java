package dev.fleetway.runner.database.session;

import java.sql.Connection;
import java.sql.SQLException;

/** A tenant's session, for one try. It ends by exactly one of two calls. */
public interface SessionLease {
  Connection connection();

  /** The try went well, and no cancel is on its way: a further tenant may get the session. */
  void giveBack();

  /** The session ends. When this returns our side of it is closed. */
  void end();

  /** Closing is best effort: the server ends a session whose client is gone. */
  static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nobody could do anything about it.
      return;
    }
  }

  /**
   * A session that no other tenant gets.
   *
   * @param ended runs when it has ended
   */
  record OfItsOwn(Connection connection, Runnable ended) implements SessionLease {
    @Override
    public void giveBack() {
      end();
    }

    @Override
    public void end() {
      try {
        close(connection);
      } finally {
        ended.run();
      }
    }
  }
}
