package dev.fleetway.runner.database.session;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Opens the sessions of a pod's tenants. A session is kept for a further tenant only where one is
 * expected of the same address, Secret and TLS mode; all others get a session of their own. On a
 * server with such tenants no more sessions are open than tenants may be in work there, those that
 * wait for a tenant included. Why and how much it pays: docs/adr/0003.
 */
public final class SharedSessions {
  private final String applicationName;
  private final String options;
  private final int perServer;
  private final Map<Address, Shared> shared = new HashMap<>();
  private final Map<String, ServerSlots> servers = new HashMap<>();

  /** What is left of a tenant's time. */
  public interface Remaining {
    /**
     * Above zero.
     *
     * @throws TenantFailureException when nothing is left
     */
    Duration get() throws TenantFailureException;
  }

  /** What tenants have in common that can share; what the Secret holds comes on top. */
  private record Address(
      String host, int port, String database, SslMode mode, CredentialsSecretRef secret) {
    static Address of(TenantSpec.Database database) {
      return new Address(
          database.host(),
          database.port(),
          database.name(),
          database.sslMode(),
          database.credentialsSecretRef());
    }

    String server() {
      return host + ":" + port;
    }
  }

  private static final class Shared {
    private long expected;
    private SessionPool pool;

    Shared(long expected) {
      this.expected = expected;
    }
  }

  /**
   * @param options as for {@link TenantSession#connect}; the same for all tenants
   */
  public SharedSessions(String applicationName, String options, Assignment.Limits limits) {
    this.applicationName = applicationName;
    this.options = options;
    this.perServer = Math.min(limits.concurrency(), limits.perServer());
  }

  /** These tenants will come, each once. Without it no session is shared. */
  public synchronized void expect(List<Assignment.Member> members) {
    members.stream()
        .map(member -> Address.of(member.database()))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
        .forEach(
            (address, tenants) -> {
              if (tenants > 1) {
                shared.put(address, new Shared(tenants));
                servers.computeIfAbsent(address.server(), server -> new ServerSlots(perServer));
              }
            });
  }

  /** A session in the state that a login leaves it in. */
  public SessionLease open(TenantSpec.Database database, Login login, Remaining remaining)
      throws SQLException, TenantFailureException {
    Address address = Address.of(database);
    ServerSlots slots;
    SessionPool pool;
    synchronized (this) {
      slots = servers.get(address.server());
      pool = slots == null ? null : pool(address, login, slots);
    }
    SessionPool.Opener opener =
        () -> TenantSession.connect(database, login, applicationName, remaining.get(), options);
    if (pool != null) {
      return pool.borrow(opener, remaining);
    }
    return slots == null
        ? new SessionLease.OfItsOwn(opener.open(), () -> {})
        : new SessionLease.OfItsOwn(slots.open(opener, remaining), slots::release);
  }

  /** Null for a tenant whom nobody follows. The pool waits for its borrower from now on. */
  private SessionPool pool(Address address, Login login, ServerSlots slots) {
    Shared tenants = shared.get(address);
    if (tenants == null) {
      return null;
    }
    if (tenants.pool != null && !tenants.pool.isOf(login)) {
      // The Secret was rotated: what was opened with the old one is used up.
      tenants.pool.retire();
      tenants.pool = null;
    }
    if (tenants.pool == null) {
      tenants.pool = new SessionPool(login, slots, perServer);
    }
    tenants.pool.enter();
    return tenants.pool;
  }

  /** An expected tenant has ended; after the last one of an address nothing is kept. */
  public synchronized void done(TenantSpec.Database database) {
    Shared tenants = shared.get(Address.of(database));
    if (tenants != null && --tenants.expected == 0) {
      shared.remove(Address.of(database));
      retire(tenants);
    }
  }

  /** No further tenant will come: idle sessions end now, the others with their tenant. */
  public synchronized void release() {
    shared.values().forEach(SharedSessions::retire);
    shared.clear();
  }

  private static void retire(Shared tenants) {
    if (tenants.pool != null) {
      tenants.pool.retire();
    }
  }
}
