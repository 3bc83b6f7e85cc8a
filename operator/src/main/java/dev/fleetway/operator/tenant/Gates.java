package dev.fleetway.operator.tenant;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.operator.model.Gate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The gates in force, kept by the one process that leads. Each change follows the status write that
 * it stands for; a new process reads them from the API server before its first step, because a
 * cache that lags could make it open a gate under a Job.
 */
public final class Gates {
  private record Key(String namespace, String run) {}

  private final Supplier<List<Gate>> recovery;
  private Map<Key, Gate> inForce;

  /**
   * Knows nothing yet.
   *
   * @param recovery reads from the API server which gates the stored runs have
   */
  public Gates(Supplier<List<Gate>> recovery) {
    this.recovery = recovery;
  }

  private synchronized Map<Key, Gate> inForce() {
    if (inForce == null) {
      Map<Key, Gate> found = new ConcurrentHashMap<>();
      recovery.get().forEach(gate -> found.put(new Key(gate.namespace(), gate.run()), gate));
      inForce = found;
    }
    return inForce;
  }

  /**
   * Says what a run gates, now that its status says so.
   *
   * @return whether that is news
   */
  public boolean set(String namespace, String run, Optional<Gate> gate) {
    Key key = new Key(namespace, run);
    Gate before = gate.isPresent() ? inForce().put(key, gate.get()) : inForce().remove(key);
    return !Optional.ofNullable(before).equals(gate);
  }

  /** The same without asking the API server: empty while nothing is known. */
  public synchronized Optional<String> knownHolderOf(Tenant tenant) {
    return inForce == null ? Optional.empty() : holderOf(tenant);
  }

  /** The run that keeps this tenant read-only; empty when none does. */
  public Optional<String> holderOf(Tenant tenant) {
    boolean isReadOnly = accessOf(tenant) == Access.ReadOnly;
    return inForce().values().stream()
        .filter(gate -> gate.namespace().equals(tenant.getMetadata().getNamespace()))
        .filter(gate -> gate.holds(tenant.getMetadata().getUid(), isReadOnly))
        .map(Gate::run)
        .findFirst();
  }

  /** What this tenant's access should be. */
  public Access derive(Tenant tenant) {
    return TenantAccess.of(tenant.getSpec().state(), holderOf(tenant).isPresent());
  }

  static Access accessOf(Tenant tenant) {
    return tenant.getStatus() == null ? null : tenant.getStatus().access();
  }
}
