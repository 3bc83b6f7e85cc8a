package dev.fleetway.cli.tenant;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.output.Console;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** The trace that a change of state leaves: annotations, which last, and an Event. */
final class StateEvents {
  static final String REASON = "fleetway.dev/state-reason";
  static final String TIME = "fleetway.dev/state-set-at";
  static final String WHO = "fleetway.dev/state-set-by";

  private static final String COMPONENT = "fleetway";
  // The API server refuses a longer note.
  private static final int LONGEST_NOTE = 1024;

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
    String time = console.now().toString();
    try {
      Event unused =
          cluster
              .client()
              .v1()
              .events()
              .resource(
                  new EventBuilder()
                      .withNewMetadata()
                      .withGenerateName(tenant.getMetadata().getName() + ".")
                      .withNamespace(tenant.getMetadata().getNamespace())
                      .endMetadata()
                      .withNewInvolvedObject()
                      .withApiVersion(tenant.getApiVersion())
                      .withKind(tenant.getKind())
                      .withNamespace(tenant.getMetadata().getNamespace())
                      .withName(tenant.getMetadata().getName())
                      .withUid(tenant.getMetadata().getUid())
                      .endInvolvedObject()
                      .withType("Normal")
                      .withReason("StateSet")
                      .withMessage(
                          note.length() <= LONGEST_NOTE
                              ? note
                              : note.substring(0, LONGEST_NOTE - 1) + "…")
                      .withFirstTimestamp(time)
                      .withLastTimestamp(time)
                      .withCount(1)
                      .withNewSource()
                      .withComponent(COMPONENT)
                      .endSource()
                      .withReportingComponent(COMPONENT)
                      .build())
              .create();
    } catch (KubernetesClientException e) {
      if (!warned) {
        warned = true;
        console.warn("no Event was written (" + e.getCode() + "); the annotations say the same");
      }
    }
  }
}
