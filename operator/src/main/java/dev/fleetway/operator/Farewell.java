package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.apply.RunApplier;
import dev.fleetway.operator.model.OwnWrites;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.StaleRunException;
import dev.fleetway.operator.observe.RunObserver;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last act of an operator whose own namespace is deleted, with it and its runs in it: it lets
 * go of them. Such a namespace loses its pods first, this one among them, and then, all at once,
 * its runs and what allows to write to them; nobody is left who could take a finalizer away. Runs
 * elsewhere are kept: the next operator finds them.
 */
final class Farewell {
  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

  private final KubernetesClient client;
  private final OperatorSettings settings;

  Farewell(KubernetesClient client, OperatorSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /** Does nothing unless the operator's namespace is being deleted; never throws. */
  void say() {
    String namespace = settings.leaseNamespace();
    if (namespace == null) {
      return;
    }
    try {
      if (new RunObserver(client).isNamespaceGoing(namespace)) {
        letGo(namespace);
      }
    } catch (KubernetesClientException e) {
      LOG.warn("could not let go of the runs in {}: {}", namespace, e.getMessage());
    }
  }

  private void letGo(String namespace) {
    RunApplier applier =
        new RunApplier(client, settings.runnerDefaults(), new OwnWrites(), Clock.systemUTC());
    List<TenantMigrationRun> held =
        client.resources(TenantMigrationRun.class).inNamespace(namespace).list().getItems().stream()
            .filter(run -> run.hasFinalizer(RunNames.FINALIZER))
            .toList();
    for (TenantMigrationRun run : held) {
      try {
        applier.release(run);
      } catch (StaleRunException e) {
        // gone, or somebody else let go of it
      }
    }
    LOG.info("namespace {} is being deleted: let go of {} runs", namespace, held.size());
  }
}
