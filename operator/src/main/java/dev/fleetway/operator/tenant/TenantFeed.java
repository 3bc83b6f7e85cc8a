package dev.fleetway.operator.tenant;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.operator.model.OwnWrites;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one informer of Tenants: the tenant controller's own, lent to the run controller. Runs read
 * its cache and hear of its events; tenants whose access is not what it should be are looked at.
 */
public final class TenantFeed extends AbstractEventSource<Void, Tenant>
    implements ResourceEventAware<Tenant> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String READ_ONLY_WHILE_ACTIVE = "read-only-while-active";

  private final Gates gates;
  private final AccessQueue changes = new AccessQueue();
  private final OwnWrites ownWrites = new OwnWrites();
  private final CountDownLatch filled = new CountDownLatch(1);
  private IndexerResourceCache<Tenant> cache;
  private final List<Consumer<Tenant>> listeners = new CopyOnWriteArrayList<>();

  public TenantFeed(Gates gates) {
    super(Void.class, "tenant-feed");
    this.gates = gates;
  }

  /** Who hears of each event, also in an operator that does not lead; it must not block. */
  public void listener(Consumer<Tenant> wanted) {
    listeners.add(wanted);
  }

  private void tell(Tenant tenant) {
    listeners.forEach(listener -> listener.accept(tenant));
  }

  void prepare(EventSourceContext<Tenant> context) {
    cache = context.getPrimaryCache();
    cache.addIndexers(Map.of(READ_ONLY_WHILE_ACTIVE, TenantFeed::namespaceIfHeld));
  }

  private static List<String> namespaceIfHeld(Tenant tenant) {
    return isHeld(tenant) ? List.of(tenant.getMetadata().getNamespace()) : List.of();
  }

  /** Read-only, and not because its owner said so. */
  private static boolean isHeld(Tenant tenant) {
    return Gates.accessOf(tenant) == Access.ReadOnly
        && TenantAccess.of(tenant.getSpec().state(), false) == Access.ReadWrite;
  }

  /** The SDK starts it after the informer has its first list. */
  @Override
  public void start() {
    super.start();
    filled.countDown();
  }

  /** Waits until the cache has its first list. */
  public void awaitFilled() {
    try {
      if (!filled.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new OperatorException("no list of Tenants after " + PATIENCE.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorException("interrupted while waiting for the list of Tenants", e);
    }
  }

  /** A Tenant as the cache has it. */
  public Optional<Tenant> get(String namespace, String name) {
    return cache.get(new ResourceID(name, namespace));
  }

  /** The fleet of a namespace as the cache has it. */
  Stream<Tenant> fleet(String namespace) {
    return cache.list(namespace, tenant -> true);
  }

  /** Every Tenant, as the cache has it. */
  public Stream<Tenant> all() {
    return cache.list();
  }

  /** The tenants that are read-only though no gate holds them any more. */
  public List<Tenant> unreleased(String namespace) {
    return cache.byIndex(READ_ONLY_WHILE_ACTIVE, namespace).stream()
        .filter(tenant -> gates.holderOf(tenant).isEmpty())
        .toList();
  }

  /** The gates of this namespace changed: whoever is concerned is looked at. */
  public void gatesChanged(String namespace) {
    if (isRunning()) {
      Map<Boolean, List<ResourceID>> byOpening =
          cache
              .list(namespace, tenant -> gates.derive(tenant) != Gates.accessOf(tenant))
              .collect(
                  Collectors.partitioningBy(
                      tenant -> gates.derive(tenant) == Access.ReadWrite,
                      Collectors.mapping(ResourceID::fromResource, Collectors.toList())));
      lookAt(changes.add(byOpening.get(false), byOpening.get(true)));
    }
  }

  /** The tenant controller has done what was to be done. */
  void looked(Tenant tenant) {
    lookAt(changes.done(ResourceID.fromResource(tenant)));
  }

  private void lookAt(List<ResourceID> tenants) {
    for (ResourceID tenant : tenants) {
      getEventHandler().handleEvent(new Event(tenant));
      // The SDK passes over who is not in the cache, and nobody would say that it was looked at.
      if (cache.get(tenant).isEmpty()) {
        lookAt(changes.done(tenant));
      }
    }
  }

  @Override
  public void onResourceCreated(Tenant tenant) {
    tell(tenant);
  }

  @Override
  public void onResourceUpdated(Tenant tenant, Tenant before) {
    tell(tenant);
    // Our own reconciler is woken by the owner's changes only: this is whatever else went wrong.
    if (isRunning() && Gates.accessOf(tenant) != Gates.accessOf(before)) {
      getEventHandler().handleEvent(new Event(ResourceID.fromResource(tenant)));
    }
  }

  OwnWrites ownWrites() {
    return ownWrites;
  }

  @Override
  public void onResourceDeleted(Tenant tenant) {
    ownWrites.forget(tenant);
    looked(tenant);
    tell(tenant);
  }

  @Override
  public Set<Void> getSecondaryResources(Tenant primary) {
    return Set.of();
  }
}
