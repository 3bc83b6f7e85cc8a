package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import java.util.Map;
import java.util.Optional;

/**
 * What a run needs to know of a tenant.
 *
 * @param lastRun the latest outcome, of whichever run
 * @param lastPlan the latest report of a run in mode Plan, of whichever run
 * @param schemaVersion the highest version that is known to be applied
 */
public record TenantView(
    String name,
    String uid,
    Map<String, String> labels,
    TenantSpec spec,
    Optional<LastRun> lastRun,
    Optional<LastPlan> lastPlan,
    Optional<String> schemaVersion) {

  public TenantView {
    labels = Map.copyOf(labels);
  }

  /** A tenant that no run in mode Plan has reported on and whose version is not known. */
  public TenantView(
      String name,
      String uid,
      Map<String, String> labels,
      TenantSpec spec,
      Optional<LastRun> lastRun) {
    this(name, uid, labels, spec, lastRun, Optional.empty(), Optional.empty());
  }

  public static TenantView of(Tenant tenant) {
    Map<String, String> labels = tenant.getMetadata().getLabels();
    Optional<TenantStatus> status = Optional.ofNullable(tenant.getStatus());
    return new TenantView(
        tenant.getMetadata().getName(),
        tenant.getMetadata().getUid(),
        labels == null ? Map.of() : labels,
        tenant.getSpec(),
        status.map(TenantStatus::lastRun),
        status.map(TenantStatus::lastPlan),
        status.map(TenantStatus::schemaVersion));
  }

  /**
   * The outcome, if it is one of the run with this uid. A uid belongs to one run, and its mode is
   * frozen: either it left an outcome or a report.
   */
  public Optional<LastRun> outcomeOf(String runUid) {
    return lastRun
        .filter(outcome -> outcome.belongsTo(runUid))
        .or(() -> reportOf(runUid).flatMap(PlanReport::outcome));
  }

  /** The report, if it is one of the run with this uid. */
  public Optional<LastPlan> reportOf(String runUid) {
    return lastPlan.filter(report -> report.belongsTo(runUid));
  }
}
