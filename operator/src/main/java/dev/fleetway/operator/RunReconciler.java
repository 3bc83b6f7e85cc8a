package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.operator.apply.RunApplier;
import dev.fleetway.operator.apply.WriteRefusedException;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.RunDecider;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.StaleRunException;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.observe.RunObserver;
import dev.fleetway.operator.plan.CohortPlanner;
import dev.fleetway.operator.report.RunStatusWriter;
import dev.fleetway.operator.status.RunStatusFactory;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Observe, plan, decide, apply, status: one run, one step. */
@ControllerConfiguration(name = "runs", triggerReconcilerOnAllEvents = true)
final class RunReconciler implements Reconciler<TenantMigrationRun> {
  private static final String MANAGED = "app.kubernetes.io/managed-by=fleetway";

  private final RunObserver observer;
  private final RunApplier applier;
  private final RunStatusWriter status;
  private final Clock clock;
  private InformerEventSource<Tenant, TenantMigrationRun> tenants;

  RunReconciler(KubernetesClient client, OperatorSettings settings, Clock clock) {
    this.observer = new RunObserver(client);
    this.applier = new RunApplier(client, settings.runnerDefaults(), clock);
    this.status = new RunStatusWriter(client);
    this.clock = clock;
  }

  @Override
  public UpdateControl<TenantMigrationRun> reconcile(
      TenantMigrationRun run, Context<TenantMigrationRun> context) {
    if (context.isPrimaryResourceDeleted()) {
      return UpdateControl.noUpdate();
    }
    Instant now = clock.instant();
    RunObservation seen = observer.observe(run, caches(run, context), now);
    Optional<RolloutPlan> plan = CohortPlanner.plan(seen);
    Decision decision = RunDecider.decide(seen, plan, now);
    try {
      TenantMigrationRun applied = applier.apply(run, decision);
      TenantMigrationRunStatus next = RunStatusFactory.status(seen, decision, now);
      Duration held = status.write(applied, next, context, now);
      applier.release(applied, decision);
      return again(held.isZero() ? NextLook.after(decision, now) : Optional.of(held));
    } catch (StaleRunException e) {
      return again(Optional.of(NextLook.AFTER_A_CONFLICT));
    } catch (WriteRefusedException e) {
      status.write(run, RunStatusFactory.refused(seen, e.getMessage(), now), context, now);
      throw e;
    }
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
        name -> tenants.get(new ResourceID(name, namespace)));
  }

  @Override
  public List<EventSource<?, TenantMigrationRun>> prepareEventSources(
      EventSourceContext<TenantMigrationRun> context) {
    tenants =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Tenant.class, TenantMigrationRun.class)
                .withName("tenants")
                .withInformerListLimit(500L)
                .withSecondaryToPrimaryMapper(RunReconciler::runOfTenant)
                .build(),
            context);
    return List.of(tenants, managed(Job.class, context), managed(Pod.class, context));
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

  /** An outcome, or a report, wakes the run that it belongs to. */
  private static Set<ResourceID> runOfTenant(Tenant tenant) {
    Optional<TenantStatus> status = Optional.ofNullable(tenant.getStatus());
    return Stream.concat(
            status.map(TenantStatus::lastRun).map(LastRun::name).stream(),
            status.map(TenantStatus::lastPlan).map(LastPlan::name).stream())
        .map(run -> new ResourceID(run, tenant.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }
}
