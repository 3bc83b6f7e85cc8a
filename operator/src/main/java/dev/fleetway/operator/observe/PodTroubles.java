package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.JobState.StartTrouble;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What keeps the pods of a Job from their work, as they say it themselves. The newest pod of each
 * index counts: while it runs, all is well; while it waits without a reason of its own, the end of
 * the pod before it is the reason. Pure.
 */
final class PodTroubles {
  private static final String INDEX = "batch.kubernetes.io/job-completion-index";

  private static final Comparator<Pod> NEWEST_FIRST =
      Comparator.comparing(
              (Pod pod) -> Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), ""))
          .thenComparing(JobReader::isLive)
          .thenComparing(pod -> pod.getMetadata().getName())
          .reversed();

  private PodTroubles() {}

  /** The trouble of the first index that has one. */
  static Optional<StartTrouble> of(List<Pod> pods, Instant now) {
    Map<String, List<Pod>> byIndex =
        pods.stream()
            .collect(Collectors.groupingBy(PodTroubles::index, TreeMap::new, Collectors.toList()));
    return byIndex.values().stream()
        .map(ofIndex -> ofIndex.stream().sorted(NEWEST_FIRST).toList())
        .map(ofIndex -> newest(ofIndex, now))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<StartTrouble> newest(List<Pod> newestFirst, Instant now) {
    Pod newest = newestFirst.get(0);
    if (JobReader.isPending(newest)) {
      return PodStart.trouble(newest)
          .or(() -> newestFirst.stream().skip(1).findFirst().flatMap(PodEnd::trouble));
    }
    return JobReader.isLive(newest) ? NodeSilence.trouble(newest, now) : PodEnd.trouble(newest);
  }

  /** Completion index of a pod of an Indexed Job; 0 where it says none. */
  static String index(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    String label = labels == null ? null : labels.get(INDEX);
    String index = label == null && annotations != null ? annotations.get(INDEX) : label;
    return Objects.requireNonNullElse(index, "0");
  }
}
