package dev.fleetway.operator.report;

import dev.fleetway.api.ObjectEvent;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.report.RunEvents.RunEvent;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events about a run. What happens again is counted on the event that is there, whichever
 * operator sent that: a reason that comes and goes fills nobody's list.
 */
final class EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
  private static final String COMPONENT = "fleetway-operator";
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;

  EventPublisher(KubernetesClient client) {
    this.client = client;
  }

  void publish(TenantMigrationRun run, RunEvent event, Instant now) {
    Event wanted = event(run, event, now);
    try {
      send(wanted);
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("namespace", run.getMetadata().getNamespace())
          .addKeyValue("run", run.getMetadata().getName())
          .log("event {} was not sent: {}", event.reason(), e.getMessage());
    }
  }

  private void send(Event wanted) {
    Resource<Event> there =
        client
            .v1()
            .events()
            .inNamespace(wanted.getMetadata().getNamespace())
            .withName(wanted.getMetadata().getName());
    Event sent = there.get();
    Event unused =
        sent == null
            ? client.v1().events().resource(wanted).create()
            : there.patch(MERGE, again(sent, wanted));
  }

  /** How often, when last, and what is the case now. */
  private static String again(Event sent, Event wanted) {
    return Serialization.asJson(
        Map.of(
            "count", Objects.requireNonNullElse(sent.getCount(), 1) + 1,
            "lastTimestamp", wanted.getLastTimestamp(),
            "message", wanted.getMessage(),
            "type", wanted.getType()));
  }

  private static Event event(TenantMigrationRun run, RunEvent event, Instant now) {
    RunNames names = new RunNames(run.getMetadata().getName(), run.getMetadata().getUid());
    return new EventBuilder(
            new ObjectEvent(run, event.warning(), event.reason(), event.note())
                .from(COMPONENT, now))
        .editMetadata()
        .withGenerateName(null)
        .withName(names.event(event.reason(), event.at()))
        .endMetadata()
        .build();
  }
}
