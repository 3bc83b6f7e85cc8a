package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.TenantView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The tenants around a {@link SimulatedRun}, and what becomes of them. */
public final class SimulatedFleet {
  private final Map<String, TenantView> tenants = new TreeMap<>();

  SimulatedFleet(int size) {
    for (int i = 1; i <= size; i++) {
      state(SimulatedRun.name(i), TenantSpec.State.Active);
    }
  }

  public boolean has(String name) {
    return tenants.containsKey(name);
  }

  public List<TenantView> all() {
    return List.copyOf(tenants.values());
  }

  public Map<String, TenantView> byName() {
    return Map.copyOf(tenants);
  }

  /** It is as it was. */
  public void restore(TenantView view) {
    tenants.put(view.name(), view);
  }

  public void state(String name, TenantSpec.State state) {
    TenantView old = tenants.get(name);
    tenants.put(
        name,
        new TenantView(
            name,
            old == null ? "uid-" + name : old.uid(),
            Map.of("tier", "gold"),
            new TenantSpec(state, database(name)),
            old == null ? Optional.empty() : old.lastRun()));
  }

  public void recreate(String name) {
    TenantView old = tenants.get(name);
    if (old == null) {
      return;
    }
    tenants.put(
        name,
        new TenantView(name, "uid-" + name + "-again", old.labels(), old.spec(), Optional.empty()));
  }

  public void delete(String name) {
    tenants.remove(name);
  }

  private static TenantSpec.Database database(String name) {
    return database("pg-1", name);
  }

  private static TenantSpec.Database database(String host, String name) {
    return new TenantSpec.Database(
        host,
        5432,
        name,
        null,
        null,
        null,
        null,
        new TenantSpec.CredentialsSecretRef(name + "-db", null, null, null, null, null));
  }

  public Map<String, TenantView> of(List<PlannedTenant> planned) {
    Map<String, TenantView> found = new HashMap<>();
    for (PlannedTenant member : planned) {
      if (tenants.containsKey(member.name())) {
        found.put(member.name(), tenants.get(member.name()));
      }
    }
    return found;
  }

  public void write(TenantView old, LastRun outcome) {
    tenants.put(
        old.name(),
        new TenantView(
            old.name(),
            old.uid(),
            old.labels(),
            old.spec(),
            Optional.of(outcome),
            old.lastPlan(),
            Optional.ofNullable(outcome.toVersion()).or(old::schemaVersion)));
  }

  public void write(TenantView old, LastPlan report) {
    tenants.put(
        old.name(),
        new TenantView(
            old.name(),
            old.uid(),
            old.labels(),
            old.spec(),
            old.lastRun(),
            Optional.of(report),
            old.schemaVersion()));
  }

  /** The tenant as a person, or an older run, left it. */
  public void change(String name, UnaryOperator<TenantView> change) {
    tenants.put(name, change.apply(tenants.get(name)));
  }

  /** Somebody corrects where the tenant lives. */
  public void repoint(String name, String host, String databaseName) {
    change(
        name,
        old ->
            new TenantView(
                old.name(),
                old.uid(),
                old.labels(),
                new TenantSpec(old.spec().state(), database(host, databaseName)),
                old.lastRun(),
                old.lastPlan(),
                old.schemaVersion()));
  }

  /** The version that an older run left. */
  public void schemaVersion(String name, String version) {
    change(
        name,
        old ->
            new TenantView(
                old.name(),
                old.uid(),
                old.labels(),
                old.spec(),
                old.lastRun(),
                old.lastPlan(),
                Optional.of(version)));
  }

  /** Writes the outcome that is there once more, as a client does that got no answer. */
  public void writeAgain(String tenant) {
    tenants.computeIfPresent(
        tenant,
        (name, old) ->
            new TenantView(
                name,
                old.uid(),
                Map.copyOf(old.labels()),
                old.spec(),
                old.lastRun(),
                old.lastPlan(),
                old.schemaVersion()));
  }

  /** Whatever a person does to the spec of a tenant. */
  public void edit(String name, UnaryOperator<TenantView> change) {
    tenants.computeIfPresent(name, (key, view) -> change.apply(view));
  }

  /** A crash: the operator died before it wrote this tenant's outcome. */
  public void forgetOutcome(String tenant) {
    TenantView old = tenants.get(tenant);
    tenants.put(
        tenant, new TenantView(tenant, old.uid(), old.labels(), old.spec(), Optional.empty()));
  }

  public TenantView view(String name) {
    return tenants.get(name);
  }
}
