package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.operator.apply.Writes;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.RunDecider;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.observe.RunObserver;
import dev.fleetway.operator.plan.CohortPlanner;
import dev.fleetway.operator.report.ToldEvents;
import dev.fleetway.operator.status.RunStatusFactory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One reconcile over stored objects, through the real phases, as values: nothing is written.
 *
 * @param finalizer what happens to it: taken, kept, released or none
 */
record OperatorTurn(
    TenantMigrationRun run,
    Decision decision,
    Writes writes,
    TenantMigrationRunStatus status,
    List<String> events,
    String finalizer,
    Optional<Duration> nextLook) {

  static OperatorTurn of(StoredCluster stored, Instant now) {
    TenantMigrationRun run = stored.run();
    RunObservation seen =
        new RunObserver(stored)
            .observe(
                run,
                new RunObserver.Caches(
                    stored.all(Job.class),
                    stored.all(Pod.class),
                    name -> stored.tenant(run.getMetadata().getNamespace(), name)),
                now);
    Decision decision = RunDecider.decide(seen, CohortPlanner.plan(seen), now);
    TenantMigrationRunStatus status = RunStatusFactory.status(seen, decision, now);
    TenantMigrationRunStatus before =
        Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
    return new OperatorTurn(
        run,
        decision,
        Writes.of(run, decision, name -> stored.tenant(seen.namespace(), name), now),
        status,
        ToldEvents.between(before, status),
        finalizer(run, decision, now),
        NextLook.after(decision, now));
  }

  private static String finalizer(TenantMigrationRun run, Decision decision, Instant now) {
    boolean held = run.hasFinalizer(RunNames.FINALIZER);
    if (decision.needsFinalizer()) {
      return held || run.getMetadata().getDeletionTimestamp() != null ? "kept" : "taken";
    }
    boolean mayVanish = !NextLook.isAtOnce(decision, now);
    return held ? (mayVanish ? "released" : "kept") : "none";
  }

  /** The Job that is told to stop. */
  String endedJob() {
    return ((Decision.EndJob) decision).jobName();
  }
}
