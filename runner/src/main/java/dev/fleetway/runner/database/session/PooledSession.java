package dev.fleetway.runner.database.session;

import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.session.SharedSessions.Remaining;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A place in a pool, and the session in it once a tenant has opened it. HikariCP itself would log
 * in from a thread of its own, again and again until the borrower gives up: a wrong password would
 * be tried many times and be said late. So what the pool gets is the place alone; whoever finds it
 * empty logs in, in his own thread and time, with his own failure.
 */
final class PooledSession {
  private static final int PATIENCE_MILLIS = 5_000;

  private final ServerSlots slots;
  private Connection connection;
  private boolean ended;

  PooledSession(ServerSlots slots) {
    this.slots = slots;
  }

  /** The place as the pool wants it: it can be closed and tells whose it is, and nothing else. */
  Connection place() {
    return (Connection)
        Proxy.newProxyInstance(
            PooledSession.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> answer(method));
  }

  private Object answer(Method method) {
    switch (method.getName()) {
      case "close" -> end();
      case "unwrap" -> {
        return this;
      }
      case "isClosed" -> {
        return isEnded();
      }
      default -> {}
    }
    if (method.getReturnType() == boolean.class) {
      // Valid, in auto-commit; no more than that is asked.
      return !method.getName().equals("isReadOnly");
    }
    return method.getReturnType() == int.class ? 0 : null;
  }

  synchronized Connection connection() {
    return connection;
  }

  synchronized boolean isOpen() {
    return connection != null;
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  /** Opens the session. */
  void open(SessionPool.Opener opener, Remaining remaining)
      throws SQLException, TenantFailureException {
    Connection opened = slots.open(opener, remaining);
    synchronized (this) {
      connection = opened;
    }
  }

  /**
   * After {@link #reset} and a while in the pool: whether it is still there. Discarding leaves no
   * role, where a login may begin with one.
   */
  boolean isAsNew() {
    return execute("RESET ROLE");
  }

  /**
   * Takes away what the session has of its tenant: transaction, settings, search path, role,
   * prepared statements, cursors, temporary tables, advisory locks, LISTEN. False when that failed;
   * also when the tenant's script left a transaction open that the driver knows nothing of.
   */
  boolean reset() {
    try {
      connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      connection.setReadOnly(false);
    } catch (SQLException e) {
      return false;
    }
    return execute("DISCARD ALL");
  }

  private boolean execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
      statement.execute(sql);
      connection.clearWarnings();
      connection.setNetworkTimeout(Runnable::run, 0);
      return true;
    } catch (SQLException e) {
      // A session that cannot do that much is of no use to anybody.
      return false;
    }
  }

  /** Closes the session, if there is one. Its slot is free then. */
  synchronized void end() {
    if (connection != null && !ended) {
      SessionLease.close(connection);
      slots.release();
    }
    ended = true;
  }
}
