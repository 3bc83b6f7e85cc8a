package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the Jobs of a run, and their pods. */
final class RunJobs {
  private final StoredObjects stored;
  private final StartTroubles troubles;

  RunJobs(StoredObjects stored) {
    this.stored = stored;
    this.troubles = new StartTroubles(stored);
  }

  /**
   * What is there of them.
   *
   * @param pods the pods of the run; when the Job that is due does not exist, those at work, asked
   *     of the server
   * @param dueIsMissing a Job is due and does not exist
   * @param dueIsTerminal the Job that is due has come to rest
   */
  record Found(List<JobState> jobs, List<Pod> pods, boolean dueIsMissing, boolean dueIsTerminal) {}

  /**
   * Looks at them.
   *
   * @param due name of the Job that should be there now; empty for none
   */
  Found look(
      String namespace,
      RunNames names,
      RunObserver.Caches caches,
      Optional<String> due,
      Instant now) {
    List<Job> found = jobs(namespace, names, caches, due);
    boolean dueIsMissing = due.isPresent() && found.stream().noneMatch(job -> isNamed(job, due));
    List<Pod> pods =
        dueIsMissing
            ? stored.podsAtWork(namespace, RunNames.RUN_UID_LABEL, names.runUid())
            : caches.pods().stream().filter(pod -> belongs(names, pod)).toList();
    List<JobState> jobs =
        found.stream()
            .map(job -> state(namespace, job, podsOf(job, pods), isNamed(job, due), now))
            .toList();
    return new Found(jobs, pods, dueIsMissing, due.isPresent() && isTerminal(jobs, due.get()));
  }

  /**
   * The Jobs of this run. That the one which is due does not exist is never concluded from a cache:
   * it may have been created a moment ago.
   */
  private List<Job> jobs(
      String namespace, RunNames names, RunObserver.Caches caches, Optional<String> due) {
    List<Job> found =
        new ArrayList<>(caches.jobs().stream().filter(job -> belongs(names, job)).toList());
    if (due.isPresent() && found.stream().noneMatch(job -> isNamed(job, due))) {
      stored.job(namespace, due.get()).filter(job -> belongs(names, job)).ifPresent(found::add);
    }
    return found;
  }

  private JobState state(String namespace, Job job, List<Pod> pods, boolean isDue, Instant now) {
    JobState state = JobReader.read(job, pods, now);
    if (isDue && state.isTerminal() && !JobReader.isHeard(job, pods)) {
      // Jobs and pods are cached apart: a pod's last word may not have arrived yet.
      return JobReader.read(
          job,
          podsOf(
              job,
              stored.pods(namespace, "batch.kubernetes.io/job-name", job.getMetadata().getName())),
          now);
    }
    return state.progress() == JobState.Progress.ACTIVE
        ? state.withTrouble(troubles.of(job, pods, state.trouble(), now))
        : state;
  }

  private static boolean isTerminal(List<JobState> jobs, String name) {
    return jobs.stream().anyMatch(job -> job.name().equals(name) && job.isTerminal());
  }

  private static boolean isNamed(Job job, Optional<String> name) {
    return name.isPresent() && name.get().equals(job.getMetadata().getName());
  }

  private static boolean belongs(RunNames names, HasMetadata resource) {
    Map<String, String> labels = resource.getMetadata().getLabels();
    return labels != null && names.runUid().equals(labels.get(RunNames.RUN_UID_LABEL));
  }

  private static List<Pod> podsOf(Job job, List<Pod> pods) {
    return pods.stream()
        .filter(
            pod ->
                pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(job.getMetadata().getUid())))
        .toList();
  }
}
