package dev.fleetway.runner.outcome;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.database.TenantPlan;
import java.util.Optional;

/** What a tenant's status already says about this run. Pure. */
public enum Evidence {
  /** No tenant of this name and uid exists any more. */
  GONE,
  /** There is no outcome for this run, attempt and cohort. */
  NONE,
  /** The outcome is final: it is taken over. */
  FINAL,
  /** A later attempt or cohort of the same run was here: this pod is a leftover of an older one. */
  SUPERSEDED;

  public static Evidence of(Optional<Tenant> found, Assignment.Member member, Assignment run) {
    if (found.isEmpty() || !member.uid().equals(found.get().getMetadata().getUid())) {
      return GONE;
    }
    return recorded(found.get(), run)
        .map(
            last -> {
              int attempt = Integer.compare(last.attempt(), run.attempt());
              int age = attempt != 0 ? attempt : Integer.compare(last.cohort(), run.cohort());
              return age == 0 ? FINAL : age > 0 ? SUPERSEDED : NONE;
            })
        .orElse(NONE);
  }

  /** What a tenant's status says about this run: a plan has a place of its own. */
  public static Optional<Recorded> recorded(Tenant tenant, Assignment run) {
    Optional<TenantStatus> status = Optional.ofNullable(tenant.getStatus());
    return run.mode() == Mode.Plan
        ? status
            .map(TenantStatus::lastPlan)
            .filter(last -> last.belongsTo(run.runUid()))
            .map(Evidence::recorded)
        : status
            .map(TenantStatus::lastRun)
            .filter(last -> last.belongsTo(run.runUid()))
            .map(
                last ->
                    new Recorded(
                        last.attempt(),
                        last.cohort(),
                        last.outcome(),
                        last.reason(),
                        last.message()));
  }

  private static Recorded recorded(LastPlan last) {
    int pending = last.pending() == null ? 0 : last.pending();
    Optional<Problem> first = last.problems().stream().findFirst();
    return new Recorded(
        last.attempt(),
        last.cohort(),
        TenantPlan.outcome(last.problems(), pending),
        first.map(Problem::reason).orElse(null),
        first.map(Problem::message).orElse(null));
  }

  /**
   * An outcome that a tenant's status holds.
   *
   * @param attempt attempt of the run, from 1
   * @param cohort number of the cohort, from 1
   * @param outcome how the tenant counts
   * @param reason the first one, or null
   * @param message what it says, or null
   */
  public record Recorded(
      int attempt, int cohort, Outcome outcome, TenantReason reason, String message) {}
}
