package dev.fleetway.runner.outcome;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
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
    return lastRun(found.get())
        .filter(last -> last.belongsTo(run.runUid()))
        .map(
            last -> {
              int attempt = Integer.compare(last.attempt(), run.attempt());
              int age = attempt != 0 ? attempt : Integer.compare(last.cohort(), run.cohort());
              return age == 0 ? FINAL : age > 0 ? SUPERSEDED : NONE;
            })
        .orElse(NONE);
  }

  /** The last outcome of a tenant. */
  public static Optional<LastRun> lastRun(Tenant tenant) {
    return Optional.ofNullable(tenant.getStatus()).map(status -> status.lastRun());
  }
}
