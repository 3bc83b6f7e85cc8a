package dev.fleetway.operator.report;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.report.RunEvents.RunEvent;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends events about a run. */
final class EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
  private static final String COMPONENT = "fleetway-operator";
  // The API server refuses a longer note.
  private static final int NOTE_LIMIT = 1024;

  private final KubernetesClient client;

  EventPublisher(KubernetesClient client) {
    this.client = client;
  }

  void publish(TenantMigrationRun run, RunEvent event, Instant now) {
    String time = now.toString();
    try {
      client
          .v1()
          .events()
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withGenerateName(run.getMetadata().getName() + ".")
                  .withNamespace(run.getMetadata().getNamespace())
                  .endMetadata()
                  .withNewInvolvedObject()
                  .withApiVersion(run.getApiVersion())
                  .withKind(run.getKind())
                  .withNamespace(run.getMetadata().getNamespace())
                  .withName(run.getMetadata().getName())
                  .withUid(run.getMetadata().getUid())
                  .withResourceVersion(run.getMetadata().getResourceVersion())
                  .endInvolvedObject()
                  .withType(event.warning() ? "Warning" : "Normal")
                  .withReason(event.reason())
                  .withMessage(truncate(event.note()))
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
      LOG.atWarn()
          .addKeyValue("namespace", run.getMetadata().getNamespace())
          .addKeyValue("run", run.getMetadata().getName())
          .log("event {} was not sent: {}", event.reason(), e.getMessage());
    }
  }

  private static String truncate(String note) {
    return note.length() <= NOTE_LIMIT ? note : note.substring(0, NOTE_LIMIT - 1) + "…";
  }
}
