package dev.fleetway.operator.tenant;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.operator.model.FleetFloor;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ConfigMap of each fleet's floor in step with its tenants: a second after they changed,
 * and every quarter of a minute in case somebody else changed or deleted it, or a write failed. It
 * has a thread of its own because the last tenant of a fleet that goes leaves nothing to reconcile.
 */
public final class FloorPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(FloorPublisher.class);
  private static final String FIELD_MANAGER = "fleetway-floor";
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final int ROUNDS_UNTIL_ALL = 15;

  private final KubernetesClient client;
  private final TenantFeed tenants;
  private final Set<String> fleets = ConcurrentHashMap.newKeySet();
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private ScheduledExecutorService timer;
  private int round;

  /** Does nothing until it leads. */
  public FloorPublisher(KubernetesClient client, TenantFeed tenants) {
    this.client = client;
    this.tenants = tenants;
    tenants.listener(this::changed);
  }

  private void changed(Tenant tenant) {
    fleets.add(tenant.getMetadata().getNamespace());
    changed.add(tenant.getMetadata().getNamespace());
  }

  /**
   * This operator is the one that acts: a reconciler was called. The process ends when that is no
   * longer so.
   */
  synchronized void lead() {
    if (timer == null) {
      timer =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "fleetway-floor");
                thread.setDaemon(true);
                return thread;
              });
      Future<?> unused =
          timer.scheduleWithFixedDelay(
              this::look, SOON.toMillis(), SOON.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    if (!tenants.isRunning()) {
      stop();
      return;
    }
    boolean all = ++round % ROUNDS_UNTIL_ALL == 0;
    for (String fleet : fleets) {
      if (changed.remove(fleet) || all) {
        publish(fleet);
      }
    }
  }

  private synchronized void stop() {
    timer.shutdown();
  }

  private void publish(String namespace) {
    FleetFloor floor =
        FleetFloor.of(
            tenants
                .fleet(namespace)
                .map(Tenant::getStatus)
                .filter(Objects::nonNull)
                .map(TenantStatus::minCompatibleCodeVersion)
                .filter(Objects::nonNull));
    try {
      ConfigMap stored =
          client.configMaps().inNamespace(namespace).withName(FleetFloor.CONFIG_MAP).get();
      floor.unlessSaid(namespace, Optional.ofNullable(stored)).ifPresent(this::write);
    } catch (RuntimeException e) {
      // A timer that throws stops for good; the next round over all comes by itself.
      LOG.atWarn()
          .addKeyValue("namespace", namespace)
          .setCause(e)
          .log("cannot publish the fleet's floor");
    }
  }

  private void write(ConfigMap floor) {
    ConfigMap unused =
        client
            .resource(floor)
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(FIELD_MANAGER)
                    .withForce(true)
                    .build());
    LOG.atInfo()
        .addKeyValue("namespace", floor.getMetadata().getNamespace())
        .addKeyValue("floor", floor.getData().getOrDefault(FleetFloor.KEY, "none"))
        .log("published");
  }
}
