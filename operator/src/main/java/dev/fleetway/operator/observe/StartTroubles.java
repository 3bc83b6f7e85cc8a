package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a pod does not start, where only events say so: a pod that the Job controller cannot create
 * (missing ServiceAccount, quota, Pod Security), the first one or one that takes another's place; a
 * volume that cannot be mounted.
 */
final class StartTroubles {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StoredObjects stored;

  StartTroubles(StoredObjects stored) {
    this.stored = stored;
  }

  /**
   * Asks for events only when a pod is late.
   *
   * @param said what the pods themselves say
   */
  Optional<StartTrouble> of(Job job, List<Pod> pods, Optional<StartTrouble> said, Instant now) {
    Instant since =
        pods.stream()
            .map(StartTroubles::created)
            .max(Comparator.naturalOrder())
            .orElseGet(() -> created(job));
    if (now.isBefore(since.plus(PATIENCE))) {
      return said;
    }
    if (MissingPods.of(job, pods)) {
      return notCreated(job, pods, since).or(() -> said);
    }
    return said.or(
        () ->
            pods.stream()
                .filter(JobReader::isPending)
                .findFirst()
                .flatMap(pod -> warning(pod, created(pod)))
                .map(event -> new StartTrouble(RunReason.PodNotStarted, text(event))));
  }

  private Optional<StartTrouble> notCreated(Job job, List<Pod> pods, Instant since) {
    Optional<StartTrouble> refused =
        warning(job, since)
            .map(event -> new StartTrouble(MissingPods.reason(event.getMessage()), text(event)));
    // A pod that takes another's place is kept back for a while, longer each time.
    return refused.isPresent() || !pods.isEmpty()
        ? refused
        : Optional.of(
            new StartTrouble(
                RunReason.PodsNotCreated,
                "Job %s has had no pod for %d seconds, and no event says why."
                    .formatted(job.getMetadata().getName(), PATIENCE.toSeconds())));
  }

  private static Instant created(HasMetadata resource) {
    return Instant.parse(resource.getMetadata().getCreationTimestamp());
  }

  private static String text(Event event) {
    return event.getInvolvedObject().getKind().toLowerCase(Locale.ROOT)
        + " "
        + event.getInvolvedObject().getName()
        + ": "
        + event.getReason()
        + ": "
        + event.getMessage();
  }

  /** The last warning that is not older than this. */
  private Optional<Event> warning(HasMetadata about, Instant since) {
    return stored.events(about).stream()
        .filter(event -> "Warning".equals(event.getType()) && event.getMessage() != null)
        .filter(event -> !time(event).isBefore(since))
        .max(Comparator.comparing(StartTroubles::time));
  }

  /** Without a time it is taken for new. */
  private static Instant time(Event event) {
    String last =
        Objects.requireNonNullElseGet(
            event.getLastTimestamp(),
            () -> event.getEventTime() == null ? null : event.getEventTime().getTime());
    return last == null ? Instant.MAX : Instant.parse(last);
  }
}
