package dev.fleetway.runner.database.session;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.session.SharedSessions.Remaining;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The sessions of one address and one login. HikariCP keeps its places; the sessions in them are
 * opened by the tenants themselves, see {@link PooledSession}.
 */
final class SessionPool {
  private static final Duration FOR_A_PLACE = Duration.ofSeconds(10);

  /** For tenants that were expected and did not come. HikariCP takes no less. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(10);

  private final Login login;
  private final ServerSlots slots;
  private final HikariDataSource places;
  private int borrowers;
  private boolean retired;

  /** Makes the connection, within what is left of the tenant's time. */
  interface Opener {
    Connection open() throws SQLException, TenantFailureException;
  }

  /**
   * @param most sessions at a time
   */
  SessionPool(Login login, ServerSlots slots, int most) {
    this.login = login;
    this.slots = slots;
    HikariConfig config = new HikariConfig();
    config.setPoolName("sessions-" + Integer.toHexString(System.identityHashCode(this)));
    config.setDataSource((ConnectionSource) () -> new PooledSession(slots).place());
    config.setMaximumPoolSize(most);
    config.setMinimumIdle(0);
    config.setIdleTimeout(LONGEST_IDLE.toMillis());
    config.setConnectionTimeout(FOR_A_PLACE.toMillis());
    config.setInitializationFailTimeout(-1);
    this.places = new HikariDataSource(config);
    slots.add(this);
  }

  boolean isOf(Login other) {
    return login.isSame(other);
  }

  /** Somebody is about to borrow: until the lease has ended the pool stays open. */
  synchronized void enter() {
    borrowers++;
  }

  private void leave() {
    boolean last;
    synchronized (this) {
      borrowers--;
      last = retired && borrowers == 0;
    }
    if (last) {
      close();
    }
  }

  /** After {@link #enter}. */
  SessionLease borrow(Opener opener, Remaining remaining)
      throws SQLException, TenantFailureException {
    boolean borrowed = false;
    try {
      SessionLease lease = lease(opener, remaining);
      borrowed = true;
      return lease;
    } finally {
      if (!borrowed) {
        leave();
      }
    }
  }

  private SessionLease lease(Opener opener, Remaining remaining)
      throws SQLException, TenantFailureException {
    while (true) {
      Connection place = places.getConnection();
      PooledSession session = place.unwrap(PooledSession.class);
      boolean ready = false;
      try {
        if (session.isOpen()) {
          ready = session.isAsNew();
        } else {
          session.open(opener, remaining);
          ready = true;
        }
      } finally {
        if (!ready) {
          places.evictConnection(place);
        }
      }
      if (ready) {
        return new Lease(place, session);
      }
    }
  }

  /** Ends the sessions that wait for a tenant, soon. */
  void closeIdle() {
    places.getHikariPoolMXBean().softEvictConnections();
  }

  /** Nobody will enter any more: idle sessions end now, the others with their lease. */
  void retire() {
    boolean unused;
    synchronized (this) {
      retired = true;
      unused = borrowers == 0;
    }
    closeIdle();
    if (unused) {
      close();
    }
  }

  private void close() {
    slots.remove(this);
    // It waits for what it closes, and whoever ends the last lease has a tenant to report on.
    Thread closing = new Thread(places::close, "sessions-end");
    closing.setDaemon(true);
    closing.start();
  }

  private final class Lease implements SessionLease {
    private final Connection place;
    private final PooledSession session;

    Lease(Connection place, PooledSession session) {
      this.place = place;
      this.session = session;
    }

    @Override
    public Connection connection() {
      return session.connection();
    }

    @Override
    public void giveBack() {
      if (!session.reset()) {
        end();
        return;
      }
      try {
        SessionLease.close(place);
      } finally {
        leave();
      }
    }

    @Override
    public void end() {
      try {
        session.end();
        places.evictConnection(place);
      } finally {
        leave();
      }
    }
  }
}
