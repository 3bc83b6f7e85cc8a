package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus;
import java.util.Map;
import java.util.Optional;

/**
 * What a run needs to know of a tenant.
 *
 * @param lastRun the latest outcome, of whichever run
 */
public record TenantView(
    String name,
    String uid,
    Map<String, String> labels,
    TenantSpec spec,
    Optional<TenantStatus.LastRun> lastRun) {

  public TenantView {
    labels = Map.copyOf(labels);
  }

  public static TenantView of(Tenant tenant) {
    Map<String, String> labels = tenant.getMetadata().getLabels();
    return new TenantView(
        tenant.getMetadata().getName(),
        tenant.getMetadata().getUid(),
        labels == null ? Map.of() : labels,
        tenant.getSpec(),
        Optional.ofNullable(tenant.getStatus()).map(TenantStatus::lastRun));
  }

  /** The outcome, if it is one of the run with this uid. */
  public Optional<TenantStatus.LastRun> outcomeOf(String runUid) {
    return lastRun.filter(outcome -> outcome.belongsTo(runUid));
  }
}
