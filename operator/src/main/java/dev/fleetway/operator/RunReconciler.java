package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.GateMode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.apply.RunApplier;
import dev.fleetway.operator.apply.WriteRefusedException;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.SetGate;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.RunDecider;
import dev.fleetway.operator.metrics.OperatorMetrics;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.OwnWrites;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.StaleRunException;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.observe.RunObserver;
import dev.fleetway.operator.plan.CohortPlanner;
import dev.fleetway.operator.report.RunStatusWriter;
import dev.fleetway.operator.status.RunStatusFactory;
import dev.fleetway.operator.tenant.Gates;
import dev.fleetway.operator.tenant.TenantFeed;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Observe, plan, decide, apply, status: one run, one step. */
@ControllerConfiguration(name = "runs", triggerReconcilerOnAllEvents = true)
final class RunReconciler implements Reconciler<TenantMigrationRun> {
  private static final String MANAGED = "app.kubernetes.io/managed-by=fleetway";

  private final RunObserver observer;
  private final RunApplier applier;
  private final RunStatusWriter status;
  private final Gates gates;
  private final TenantFeed tenants;
  private final RunWakes wakes;
  private final OperatorMetrics metrics;
  private final Clock clock;
  private final OwnWrites ownWrites = new OwnWrites();
  private final Map<String, Object> turns = new ConcurrentHashMap<>();

  RunReconciler(
      KubernetesClient client,
      OperatorSettings settings,
      RunObserver observer,
      Gates gates,
      TenantFeed tenants,
      OperatorMetrics metrics,
      Clock clock) {
    this.observer = observer;
    this.applier = new RunApplier(client, settings.runnerDefaults(), ownWrites, clock);
    this.status = new RunStatusWriter(client, ownWrites);
    this.gates = gates;
    this.tenants = tenants;
    this.wakes = new RunWakes(tenants, gates);
    this.metrics = metrics;
    this.clock = clock;
    metrics.of(new CachedFleet(wakes, tenants));
  }

  @Override
  public UpdateControl<TenantMigrationRun> reconcile(
      TenantMigrationRun run, Context<TenantMigrationRun> context) {
    if (context.isPrimaryResourceDeleted()) {
      forget(run);
      return UpdateControl.noUpdate();
    }
    wakes.seen(run);
    if (ownWrites.areMissingIn(run)) {
      return again(Optional.of(NextLook.UNTIL_THE_CACHE_KNOWS));
    }
    if (!RunObserver.isBeforeItsTurn(run)) {
      return step(run, context);
    }
    // Two runs that look at each other at the same time would both go, or neither.
    synchronized (turns.computeIfAbsent(run.getMetadata().getNamespace(), key -> new Object())) {
      return step(run, context);
    }
  }

  private UpdateControl<TenantMigrationRun> step(
      TenantMigrationRun run, Context<TenantMigrationRun> context) {
    Instant now = clock.instant();
    RunObservation seen = observer.observe(run, caches(run, context), now);
    Optional<RolloutPlan> plan = CohortPlanner.plan(seen);
    Decision decision = RunDecider.decide(seen, plan, now);
    try {
      TenantMigrationRun applied = applier.apply(run, decision);
      TenantMigrationRunStatus next = RunStatusFactory.status(seen, decision, now);
      Duration held =
          status.write(applied, next, context, now, before -> count(seen, decision, before, next));
      tellOthers(seen, decision, next);
      // Between two steps that follow each other nothing is released only to be taken again.
      boolean mayVanish = !decision.needsFinalizer() && !NextLook.isAtOnce(decision, now);
      if (mayVanish && !release(applied, seen.around().namespaceGoes())) {
        return again(Optional.of(NextLook.WHILE_A_GATE_OPENS));
      }
      return again(held.isZero() ? NextLook.after(decision, now) : Optional.of(held));
    } catch (StaleRunException e) {
      return again(Optional.of(NextLook.AFTER_A_CONFLICT));
    } catch (WriteRefusedException e) {
      TenantMigrationRunStatus refused = RunStatusFactory.refused(seen, e.getMessage(), now);
      status.write(run, refused, context, now, before -> {});
      throw e;
    }
  }

  private void count(
      RunObservation seen,
      Decision decision,
      TenantMigrationRunStatus before,
      TenantMigrationRunStatus after) {
    Optional<CohortTally> settled =
        decision instanceof SettleCohort settle && !seen.isPlanMode()
            ? Optional.of(settle.verdict().tally())
            : Optional.empty();
    metrics.written(seen.namespace(), before, after, settled);
  }

  /** What the status says now matters to the tenants of a gate, and to runs that wait. */
  private void tellOthers(RunObservation seen, Decision decision, TenantMigrationRunStatus next) {
    String run = seen.names().run();
    Optional<Gate> gate =
        Gate.cohort(seen.spec(), next)
            .map(
                cohort ->
                    Gate.of(
                        seen.namespace(),
                        run,
                        decision instanceof SetGate set
                            ? Optional.of(set.assignment())
                            : seen.assignment()));
    if (gates.set(seen.namespace(), run, gate)) {
      tenants.gatesChanged(seen.namespace());
    }
    boolean works = Gate.running(next).isPresent() && decision.keepsJobAlive();
    metrics.atWork(seen.namespace(), run, seen.assignment().filter(work -> works), seen.tenants());
    if (next.phase() != seen.status().phase() && next.phase() != Phase.Running) {
      wakes.waiting(seen.namespace());
    }
  }

  /** The finalizer stays until the tenants of the gate are free again, or go themselves. */
  private boolean release(TenantMigrationRun run, boolean namespaceGoes) {
    boolean free =
        !run.hasFinalizer(RunNames.FINALIZER)
            || namespaceGoes
            || run.getSpec().gate().mode() == GateMode.None
            || tenants.unreleased(run.getMetadata().getNamespace()).isEmpty();
    if (free) {
      applier.release(run);
    }
    return free;
  }

  /** The object may be a namesake that came since: nothing of it has begun. */
  private void forget(TenantMigrationRun run) {
    ownWrites.forget(run);
    String namespace = run.getMetadata().getNamespace();
    metrics.atWork(namespace, run.getMetadata().getName(), Optional.empty(), Map.of());
    if (gates.set(namespace, run.getMetadata().getName(), Optional.empty())) {
      tenants.gatesChanged(namespace);
    }
    wakes.waiting(namespace);
  }

  private static UpdateControl<TenantMigrationRun> again(Optional<Duration> delay) {
    UpdateControl<TenantMigrationRun> control = UpdateControl.noUpdate();
    return delay.map(control::rescheduleAfter).orElse(control);
  }

  private RunObserver.Caches caches(TenantMigrationRun run, Context<TenantMigrationRun> context) {
    String namespace = run.getMetadata().getNamespace();
    return new RunObserver.Caches(
        context.getSecondaryResources(Job.class),
        context.getSecondaryResources(Pod.class),
        name -> tenants.get(namespace, name));
  }

  @Override
  public List<EventSource<?, TenantMigrationRun>> prepareEventSources(
      EventSourceContext<TenantMigrationRun> context) {
    wakes.prepare(context);
    return List.of(wakes, managed(Job.class, context), managed(Pod.class, context));
  }

  private static <R extends HasMetadata> InformerEventSource<R, TenantMigrationRun> managed(
      Class<R> type, EventSourceContext<TenantMigrationRun> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, TenantMigrationRun.class)
            .withLabelSelector(MANAGED)
            .withSecondaryToPrimaryMapper(RunReconciler::runOfLabel)
            .build(),
        context);
  }

  private static Set<ResourceID> runOfLabel(HasMetadata resource) {
    Map<String, String> labels = resource.getMetadata().getLabels();
    String run = labels == null ? null : labels.get(RunNames.RUN_LABEL);
    return run == null
        ? Set.of()
        : Set.of(new ResourceID(run, resource.getMetadata().getNamespace()));
  }
}
