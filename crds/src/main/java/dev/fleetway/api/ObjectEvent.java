package dev.fleetway.api;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;

/**
 * What happened to an object, for {@code kubectl describe} and {@code kubectl events}.
 *
 * @param about the object as it is stored
 * @param warning somebody should look at it
 * @param reason in PascalCase
 * @param note for people; cut where the API server would refuse it
 */
public record ObjectEvent(HasMetadata about, boolean warning, String reason, String note) {
  private static final int LONGEST_NOTE = 1024;

  /**
   * The object of Kubernetes, with a name that the API server chooses.
   *
   * @param component the program that saw it happen
   */
  public Event from(String component, Instant time) {
    String namespace = about.getMetadata().getNamespace();
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName(about.getMetadata().getName() + ".")
        .withNamespace(namespace)
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(namespace)
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .withResourceVersion(about.getMetadata().getResourceVersion())
        .endInvolvedObject()
        .withType(warning ? "Warning" : "Normal")
        .withReason(reason)
        .withMessage(shortened(note))
        .withFirstTimestamp(time.toString())
        .withLastTimestamp(time.toString())
        .withCount(1)
        .withNewSource()
        .withComponent(component)
        .endSource()
        .withReportingComponent(component)
        .build();
  }

  private static String shortened(String note) {
    return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 1) + "…";
  }
}
