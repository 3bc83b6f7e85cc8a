package dev.fleetway.sandbox.jobs;

import dev.fleetway.sandbox.jobs.FailurePolicy.Judgement;
import dev.fleetway.sandbox.jobs.JobProgress.End;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Job from its creation to its end: the Job controller's part. Every event leads to {@link
 * #step}, which counts ended pods, decides on the end, starts missing pods and writes the status.
 */
final class JobRun {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int DEFAULT_BACKOFF_LIMIT = 6;

  private final LocalJobsSettings settings;
  private final KubernetesClient client;
  private final Clock clock;
  private final Loop loop;
  private final EventWriter events;
  private final TreeMap<Integer, IndexRun> indexes = new TreeMap<>();

  private Job job;
  private JobStatus status;
  private String startTime;
  private int succeeded;
  private int failed;
  private End end;
  private boolean deleted;

  JobRun(LocalJobsSettings settings, KubernetesClient client, Clock clock, Loop loop, Job job) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
    this.loop = loop;
    this.events = new EventWriter(client, clock);
    this.job = job;
    this.status = job.getStatus();
    for (int index = 0; index < completions(); index++) {
      indexes.put(index, new IndexRun(index));
    }
  }

  private int completions() {
    Integer completions = job.getSpec().getCompletions();
    return completions == null ? 1 : completions;
  }

  private boolean perIndex() {
    return job.getSpec().getBackoffLimitPerIndex() != null;
  }

  private static boolean isFinished(JobStatus status) {
    return status != null
        && status.getConditions().stream()
            .anyMatch(c -> Set.of("Complete", "Failed").contains(c.getType()));
  }

  void onJob(Job latest) {
    job = latest;
    if (latest.getMetadata().getDeletionTimestamp() != null) {
      onDeleted();
    } else {
      step();
    }
  }

  /** The Job is gone; without a garbage collector behind the API its pods would stay. */
  void onDeleted() {
    if (deleted) {
      return;
    }
    deleted = true;
    loop.inBackground(
        () ->
            client
                .pods()
                .inNamespace(job.getMetadata().getNamespace())
                .withLabel(PodFactory.JOB_UID, job.getMetadata().getUid())
                .delete());
  }

  void onPodDeletion(Pod pod, boolean gone) {
    for (PodRun run : activePods()) {
      if (run.uid().equals(pod.getMetadata().getUid())) {
        if (gone) {
          run.onGone();
        } else {
          run.onDeletion(pod);
        }
      }
    }
  }

  /** Nothing of this Job runs any more. */
  boolean isIdle() {
    return indexes.values().stream().noneMatch(IndexRun::isActive);
  }

  void kill() {
    activePods().forEach(PodRun::kill);
  }

  private List<PodRun> activePods() {
    List<PodRun> pods = new ArrayList<>();
    indexes.values().stream().filter(i -> i.pod != null).forEach(i -> pods.add(i.pod));
    return pods;
  }

  private void step() {
    countEndedPods();
    if (deleted || isFinished(status)) {
      return;
    }
    Instant now = clock.instant();
    boolean suspended = Boolean.TRUE.equals(job.getSpec().getSuspend());
    if (startTime == null && !suspended) {
      startTime = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }
    if (end == null) {
      end = decideEnd(now);
      if (end != null && !end.success()) {
        activePods().forEach(PodRun::requestDeletion);
      }
    }
    if (end == null && !suspended) {
      startMissingPods(now);
    }
    writeStatus(now);
  }

  private void countEndedPods() {
    for (IndexRun index : indexes.values()) {
      if (index.pod != null && index.pod.hasEnded()) {
        PodRun pod = index.pod;
        index.pod = null;
        if (pod.succeeded()) {
          succeeded++;
          index.succeeded = true;
        } else {
          countFailure(index, pod);
        }
      }
    }
  }

  private void countFailure(IndexRun index, PodRun pod) {
    Judgement judgement = FailurePolicy.judge(job.getSpec(), pod.status());
    if (judgement.action() == FailurePolicy.Action.Ignore && end == null) {
      retryLater(index);
      return;
    }
    failed++;
    index.failures++;
    switch (judgement.action()) {
      case FailJob -> {
        if (end == null) {
          end = End.policy(judgement.message(pod.pod(), pod.status()));
          activePods().forEach(PodRun::requestDeletion);
        }
      }
      case FailIndex -> index.failed = true;
      default -> {
        Integer limit = job.getSpec().getBackoffLimitPerIndex();
        index.failed = limit != null && index.failures > limit;
        retryLater(index);
      }
    }
  }

  private void retryLater(IndexRun index) {
    Duration wait = settings.backoff().multipliedBy(1L << Math.min(index.failures, 8));
    index.notBefore = clock.instant().plus(wait);
    loop.decideAfter(wait.plusMillis(1), this::step);
  }

  private End decideEnd(Instant now) {
    boolean open = indexes.values().stream().anyMatch(IndexRun::isOpen);
    if (!open) {
      boolean allSucceeded = indexes.values().stream().allMatch(index -> index.succeeded);
      return allSucceeded ? End.REACHED : End.FAILED_INDEXES;
    }
    if (!perIndex()
        && failed
            > Objects.requireNonNullElse(job.getSpec().getBackoffLimit(), DEFAULT_BACKOFF_LIMIT)) {
      return End.BACKOFF_LIMIT;
    }
    Long limit = job.getSpec().getActiveDeadlineSeconds();
    if (limit == null || startTime == null) {
      return null;
    }
    Duration left = Duration.between(now, Instant.parse(startTime).plusSeconds(limit));
    if (left.isNegative() || left.isZero()) {
      return End.DEADLINE;
    }
    loop.decideAfter(left.plusMillis(1), this::step);
    return null;
  }

  private void startMissingPods(Instant now) {
    Integer parallelism = job.getSpec().getParallelism();
    long room =
        (parallelism == null ? 1 : parallelism)
            - indexes.values().stream().filter(IndexRun::isActive).count();
    for (IndexRun index : indexes.values()) {
      if (room > 0 && index.isOpen() && !index.isActive() && !now.isBefore(index.notBefore)) {
        room--;
        index.creating = true;
        String suffix = UUID.randomUUID().toString().substring(0, 5);
        Pod pod = PodFactory.pod(job, index.number, index.failures, suffix);
        loop.inBackground(() -> create(index, pod));
      }
    }
  }

  private void create(IndexRun index, Pod pod) {
    try {
      Pod created = client.resource(pod).create();
      loop.decide(() -> onCreated(index, created));
    } catch (KubernetesClientException e) {
      events.warn(job, "job-controller", "FailedCreate", "Error creating: " + e.getMessage());
      loop.decideAfter(
          RETRY,
          () -> {
            index.creating = false;
            step();
          });
    }
  }

  private void onCreated(IndexRun index, Pod created) {
    index.creating = false;
    index.pod = new PodRun(settings, client, clock, loop, created, () -> loop.decide(this::step));
    if (deleted || end != null) {
      index.pod.requestDeletion();
    } else {
      index.pod.start();
    }
  }

  private void writeStatus(Instant now) {
    List<PodRun> pods = activePods();
    int active = (int) indexes.values().stream().filter(IndexRun::isActive).count();
    JobProgress progress =
        new JobProgress(
            active,
            (int) pods.stream().filter(PodRun::isReady).count(),
            succeeded,
            failed,
            numbers(index -> index.succeeded),
            numbers(index -> index.failed),
            end,
            active == 0);
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    JobStatus next = JobStatusFactory.next(status, progress, startTime, perIndex(), time);
    if (next.equals(status)) {
      return;
    }
    try {
      client
          .resource(
              new JobBuilder(job)
                  .editMetadata()
                  .withResourceVersion(null)
                  .endMetadata()
                  .withStatus(next)
                  .build())
          .updateStatus();
      status = next;
    } catch (KubernetesClientException e) {
      LOG.warn("job {}: {}", job.getMetadata().getName(), e.getMessage());
      loop.decideAfter(RETRY, this::step);
    }
  }

  private Set<Integer> numbers(java.util.function.Predicate<IndexRun> which) {
    Set<Integer> numbers = new TreeSet<>();
    indexes.values().stream().filter(which).forEach(index -> numbers.add(index.number));
    return numbers;
  }
}
