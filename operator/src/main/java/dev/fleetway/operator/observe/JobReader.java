package dev.fleetway.operator.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Judges a Job by its conditions and its pods. Pure. */
final class JobReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String RUNNER_CONTAINER = "runner";

  private JobReader() {}

  static JobState read(Job job, List<Pod> pods, Instant now) {
    return new JobState(
        job.getMetadata().getName(),
        progress(job),
        Optional.ofNullable(job.getMetadata().getAnnotations())
            .map(annotations -> annotations.get(RunNames.ENDED_BY_ANNOTATION)),
        condition(job, "Failed").map(c -> c.getReason() + ": " + c.getMessage()),
        pods.stream().anyMatch(pod -> !isLive(pod)),
        lastWord(pods),
        PodTroubles.of(pods, now));
  }

  private static Progress progress(Job job) {
    if (condition(job, "Complete").isPresent()) {
      return Progress.COMPLETE;
    }
    if (condition(job, "Failed").isPresent()) {
      return Progress.FAILED;
    }
    // FailureTarget is no rest: pods drain, and come to Failed only when the last one is gone.
    if (condition(job, "FailureTarget").isPresent()
        || job.getMetadata().getDeletionTimestamp() != null) {
      return Progress.ENDING;
    }
    return Progress.ACTIVE;
  }

  private static Optional<JobCondition> condition(Job job, String type) {
    if (job.getStatus() == null) {
      return Optional.empty();
    }
    return job.getStatus().getConditions().stream()
        .filter(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
        .findFirst();
  }

  /** What the shards left behind, as one message: of each the newest pod that left one. */
  private static Optional<TerminationMessage> lastWord(List<Pod> pods) {
    return messages(pods).values().stream().reduce(JobReader::together);
  }

  /** Has every shard left a message? */
  static boolean isHeard(Job job, List<Pod> pods) {
    Integer completions = job.getSpec().getCompletions();
    return messages(pods).size() >= (completions == null ? 1 : completions);
  }

  private static Map<String, TerminationMessage> messages(List<Pod> pods) {
    Map<String, TerminationMessage> newest = new TreeMap<>();
    pods.stream()
        .sorted(
            Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp()).reversed())
        .forEach(
            pod ->
                message(pod).ifPresent(word -> newest.putIfAbsent(PodTroubles.index(pod), word)));
    return newest;
  }

  private static Optional<TerminationMessage> message(Pod pod) {
    return containers(pod)
        .filter(container -> RUNNER_CONTAINER.equals(container.getName()))
        .map(container -> container.getState().getTerminated())
        .filter(Objects::nonNull)
        .map(ContainerStateTerminated::getMessage)
        .map(JobReader::parse)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static TerminationMessage together(TerminationMessage one, TerminationMessage other) {
    return new TerminationMessage(
        one.bundle() == null ? other.bundle() : one.bundle(),
        one.error() == null ? other.error() : one.error(),
        one.summary() == null
            ? other.summary()
            : other.summary() == null ? one.summary() : sum(one.summary(), other.summary()));
  }

  private static RunSummary sum(RunSummary one, RunSummary other) {
    return new RunSummary(
        one.succeeded() + other.succeeded(),
        one.alreadyCurrent() + other.alreadyCurrent(),
        one.failed() + other.failed(),
        one.notStarted() + other.notStarted(),
        Stream.concat(one.inFlight().stream(), other.inFlight().stream()).toList());
  }

  private static Optional<TerminationMessage> parse(String message) {
    if (message == null || message.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(message, TerminationMessage.class));
    } catch (JsonProcessingException e) {
      // A pod that crashed before it could speak: the Job's condition says the rest.
      return Optional.empty();
    }
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return pod.getStatus() == null
        ? Stream.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(container -> container.getState() != null);
  }

  static boolean isPending(Pod pod) {
    return pod.getStatus() == null
        || pod.getStatus().getPhase() == null
        || "Pending".equals(pod.getStatus().getPhase());
  }

  /** Neither succeeded nor failed: it may be at work on a tenant. */
  static boolean isLive(Pod pod) {
    return isPending(pod)
        || "Running".equals(pod.getStatus().getPhase())
        || "Unknown".equals(pod.getStatus().getPhase());
  }
}
