package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a pod does not start, where only events say so: a pod that the Job controller cannot create
 * (missing ServiceAccount, quota, Pod Security), a volume that cannot be mounted.
 */
final class StartTroubles {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KubernetesClient client;

  StartTroubles(KubernetesClient client) {
    this.client = client;
  }

  /** Asks for events only when a Job is late. */
  Optional<StartTrouble> of(Job job, List<Pod> pods, Instant now) {
    Instant created = Instant.parse(job.getMetadata().getCreationTimestamp());
    if (now.isBefore(created.plus(PATIENCE))) {
      return Optional.empty();
    }
    if (pods.isEmpty()) {
      return Optional.of(
          warning(job)
              .map(StartTroubles::notCreated)
              .orElseGet(
                  () ->
                      new StartTrouble(
                          RunReason.PodsNotCreated,
                          "Job %s has had no pod for %d seconds, and no event says why."
                              .formatted(job.getMetadata().getName(), PATIENCE.toSeconds()))));
    }
    return pods.stream()
        .filter(JobReader::isPending)
        .findFirst()
        .flatMap(this::warning)
        .map(event -> new StartTrouble(RunReason.PodNotStarted, text(event)));
  }

  private static StartTrouble notCreated(Event event) {
    boolean noAccount =
        event.getMessage().contains("serviceaccount") && event.getMessage().contains("not found");
    return new StartTrouble(
        noAccount ? RunReason.RunnerServiceAccountMissing : RunReason.PodsNotCreated, text(event));
  }

  private static String text(Event event) {
    return event.getInvolvedObject().getKind().toLowerCase(java.util.Locale.ROOT)
        + " "
        + event.getInvolvedObject().getName()
        + ": "
        + event.getReason()
        + ": "
        + event.getMessage();
  }

  private Optional<Event> warning(HasMetadata about) {
    return client
        .v1()
        .events()
        .inNamespace(about.getMetadata().getNamespace())
        .withField("involvedObject.uid", about.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .filter(event -> "Warning".equals(event.getType()) && event.getMessage() != null)
        .max(
            Comparator.comparing(
                event -> Objects.requireNonNullElse(event.getLastTimestamp(), "")));
  }
}
