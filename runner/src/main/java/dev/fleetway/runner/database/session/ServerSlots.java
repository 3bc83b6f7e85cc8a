package dev.fleetway.runner.database.session;

import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.session.SharedSessions.Remaining;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many sessions may be open on a server, over all pools of its databases. A tenant in work
 * always gets one: no more of them are in work than there are slots, so that whatever is missing is
 * held by idle sessions, and these are closed.
 */
final class ServerSlots {
  private static final long LOOK_MILLIS = 100;

  private final Semaphore free;
  private final Set<SessionPool> pools = ConcurrentHashMap.newKeySet();

  ServerSlots(int sessions) {
    this.free = new Semaphore(sessions);
  }

  void add(SessionPool pool) {
    pools.add(pool);
  }

  void remove(SessionPool pool) {
    pools.remove(pool);
  }

  /** Takes a slot, at the cost of idle sessions. */
  private void take(Remaining remaining) throws TenantFailureException {
    if (free.tryAcquire()) {
      return;
    }
    try {
      do {
        var unused = remaining.get();
        // Again in each round: a session may have become idle since.
        pools.forEach(SessionPool::closeIdle);
      } while (!free.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a session", e);
    }
  }

  /** A session has ended. */
  void release() {
    free.release();
  }

  /** A session in a slot, which is free again at once when there is none. */
  Connection open(SessionPool.Opener opener, Remaining remaining)
      throws SQLException, TenantFailureException {
    take(remaining);
    Connection opened = null;
    try {
      opened = opener.open();
      return opened;
    } finally {
      if (opened == null) {
        release();
      }
    }
  }
}
