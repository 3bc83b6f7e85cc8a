package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Another run of the fleet, as far as it matters to who goes first.
 *
 * <p>A run <em>has the turn</em> while its phase is Running: it takes it with the status write that
 * freezes its plan, or that goes on with a frozen one, and loses it when it is suspended or ends.
 *
 * @param since when it was created; of two of the same second the name decides
 * @param hasTurn its cohorts may run now
 * @param wantsTurn it would go on if it were let; not when suspended, aborted, deleted or ended
 * @param selection whom it selects
 * @param planned the tenants of its frozen plan; empty when there is none, or none can be read
 */
public record RivalRun(
    String name,
    Instant since,
    boolean hasTurn,
    boolean wantsTurn,
    Tenants selection,
    Optional<Set<String>> planned) {

  /** What a run is to the others; empty when it is in nobody's way. */
  public static Optional<RivalRun> of(TenantMigrationRun run, Optional<Set<String>> planned) {
    TenantMigrationRunStatus status =
        run.getStatus() == null ? TenantMigrationRunStatus.empty() : run.getStatus();
    boolean deleting = run.getMetadata().getDeletionTimestamp() != null;
    boolean hasTurn = status.phase() == Phase.Running;
    boolean wantsTurn = !deleting && wantsTurn(run.getSpec(), status);
    return run.getSpec().mode() == TenantMigrationRunSpec.Mode.Apply && (hasTurn || wantsTurn)
        ? Optional.of(
            new RivalRun(
                run.getMetadata().getName(),
                Instant.parse(run.getMetadata().getCreationTimestamp()),
                hasTurn,
                wantsTurn,
                run.getSpec().tenants(),
                planned))
        : Optional.empty();
  }

  /** Would this run go on, if it had the turn? */
  public static boolean wantsTurn(TenantMigrationRunSpec spec, TenantMigrationRunStatus status) {
    int attempt = status.attempt() == null ? 0 : status.attempt();
    boolean ended = status.phase() != null && status.phase().isEnded();
    return status.phase() != Phase.Running
        && !spec.suspend()
        && !spec.abort()
        && (!ended || spec.attempt() > attempt)
        && !awaitsPromotion(spec, status);
  }

  private static boolean awaitsPromotion(
      TenantMigrationRunSpec spec, TenantMigrationRunStatus status) {
    var ready = status.condition("Ready");
    return !spec.promote()
        && status.phase() == Phase.Suspended
        && ready != null
        && Objects.equals(ready.reason(), RunReason.AwaitingPromotion.name());
  }

  /** Created earlier; within one second the name decides. */
  public boolean isOlderThan(Instant otherSince, String otherName) {
    int order = since.compareTo(otherSince);
    return order < 0 || (order == 0 && name.compareTo(otherName) < 0);
  }
}
