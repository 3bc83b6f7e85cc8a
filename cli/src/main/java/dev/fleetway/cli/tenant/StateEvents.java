package dev.fleetway.cli.tenant;

import dev.fleetway.api.ObjectEvent;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.output.Console;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** The trace that a change of state leaves: annotations, which last, and an Event. */
final class StateEvents {
  static final String REASON = "fleetway.dev/state-reason";
  static final String TIME = "fleetway.dev/state-set-at";
  static final String WHO = "fleetway.dev/state-set-by";

  private static final String COMPONENT = "fleetway";

  private final Cluster cluster;
  private final Console console;
  private boolean warned;

  StateEvents(Cluster cluster, Console console) {
    this.cluster = cluster;
    this.console = console;
  }

  /** An Event that cannot be written is said once, and changes nothing. */
  void tell(Tenant tenant, State before, String reason, Optional<String> who) {
    String note =
        "%s → %s%s: %s"
            .formatted(
                before,
                tenant.getSpec().state(),
                who.map(name -> " by " + name).orElse(""),
                reason);
    Event event = new ObjectEvent(tenant, false, "StateSet", note).from(COMPONENT, console.now());
    try {
      Event unused = cluster.client().v1().events().resource(event).create();
    } catch (KubernetesClientException e) {
      if (!warned) {
        warned = true;
        console.warn("no Event was written (" + e.getCode() + "); the annotations say the same");
      }
    }
  }
}
