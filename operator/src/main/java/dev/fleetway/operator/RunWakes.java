package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.tenant.Gates;
import dev.fleetway.operator.tenant.TenantFeed;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What wakes a run besides its own changes: a tenant's outcome or report, its gate, another run
 * that makes way.
 *
 * <p>And its creation, once more: the SDK (5.2.3), where it tells of deletions, loses the creation
 * of an object whose namesake's deletion it is just telling of. A run that nobody has looked at a
 * moment after it came is announced again, until somebody has.
 */
final class RunWakes extends AbstractEventSource<Void, TenantMigrationRun>
    implements ResourceEventAware<TenantMigrationRun> {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(1);

  private final TenantFeed tenants;
  private final Gates gates;
  private final Set<String> unseen = ConcurrentHashMap.newKeySet();
  private IndexerResourceCache<TenantMigrationRun> runs;
  private ScheduledExecutorService timer;

  RunWakes(TenantFeed tenants, Gates gates) {
    super(Void.class, "run-wakes");
    this.tenants = tenants;
    this.gates = gates;
    tenants.listener(this::tenantChanged);
  }

  void prepare(EventSourceContext<TenantMigrationRun> context) {
    runs = context.getPrimaryCache();
  }

  /** No run is looked at before the tenants are known. */
  @Override
  public synchronized void start() {
    if (!isRunning()) {
      tenants.awaitFilled();
      timer =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "fleetway-run-wakes");
                thread.setDaemon(true);
                return thread;
              });
      super.start();
    }
  }

  @Override
  public synchronized void stop() {
    if (isRunning()) {
      super.stop();
      timer.shutdownNow();
    }
  }

  /** Every run, as the cache has it. */
  Stream<TenantMigrationRun> all() {
    return runs.list();
  }

  /** Somebody looks at this run now. */
  void seen(TenantMigrationRun run) {
    unseen.remove(run.getMetadata().getUid());
  }

  /** A run of this namespace no longer holds others up. */
  void waiting(String namespace) {
    runs.list(namespace, RunWakes::waits)
        .forEach(run -> wake(new ResourceID(run.getMetadata().getName(), namespace)));
  }

  private static boolean waits(TenantMigrationRun run) {
    var ready = run.getStatus() == null ? null : run.getStatus().condition("Ready");
    return ready != null && Objects.equals(ready.reason(), RunReason.WaitingForRun.name());
  }

  private void tenantChanged(Tenant tenant) {
    if (!isRunning()) {
      return;
    }
    String namespace = tenant.getMetadata().getNamespace();
    Stream.of(reporters(tenant), gates.knownHolderOf(tenant).stream())
        .flatMap(names -> names)
        .distinct()
        .forEach(run -> wakeIfActive(new ResourceID(run, namespace)));
  }

  /** The runs that the tenant's outcome, and its report, belong to. */
  private static Stream<String> reporters(Tenant tenant) {
    Optional<TenantStatus> status = Optional.ofNullable(tenant.getStatus());
    return Stream.concat(
        status.map(TenantStatus::lastRun).map(LastRun::name).stream(),
        status.map(TenantStatus::lastPlan).map(LastPlan::name).stream());
  }

  /** An outcome that changes under a run that ended is no news to it. */
  private void wakeIfActive(ResourceID id) {
    runs.get(id)
        .filter(run -> run.getStatus() != null && run.getStatus().phase() != null)
        .filter(run -> !run.getStatus().phase().isEnded())
        .ifPresent(run -> wake(id));
  }

  private void wake(ResourceID id) {
    getEventHandler().handleEvent(new Event(id));
  }

  @Override
  public void onResourceCreated(TenantMigrationRun run) {
    unseen.add(run.getMetadata().getUid());
    announceUntilSeen(ResourceID.fromResource(run), run.getMetadata().getUid());
  }

  private synchronized void announceUntilSeen(ResourceID id, String uid) {
    if (isRunning()) {
      Future<?> unused =
          timer.schedule(() -> announce(id, uid), LONG_ENOUGH.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void announce(ResourceID id, String uid) {
    var run = runs.get(id).filter(found -> uid.equals(found.getMetadata().getUid()));
    if (run.isEmpty()) {
      unseen.remove(uid);
    } else if (unseen.contains(uid)) {
      getEventHandler().handleEvent(new ResourceEvent(ResourceAction.UPDATED, id, run.get()));
      announceUntilSeen(id, uid);
    }
  }

  @Override
  public Set<Void> getSecondaryResources(TenantMigrationRun primary) {
    return Set.of();
  }
}
