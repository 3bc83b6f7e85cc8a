package dev.fleetway.sandbox.jobs;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the Jobs of all namespaces on this machine until it is closed, which ends all processes. */
public final class LocalJobs implements AutoCloseable {
  private static final int STOP_SECONDS = 10;

  private final LocalJobsSettings settings;
  private final KubernetesClient client;
  private final Clock clock = Clock.systemUTC();
  private final Loop loop = new Loop();
  private final Map<String, JobRun> runs = new HashMap<>();
  private final Map<String, JobRun> deleted = new HashMap<>();
  private final SharedIndexInformer<Job> jobs;
  private final SharedIndexInformer<Pod> pods;

  private LocalJobs(KubernetesClient client, LocalJobsSettings settings) {
    this.client = client;
    this.settings = settings;
    this.jobs = client.batch().v1().jobs().inAnyNamespace().inform(new JobEvents());
    this.pods =
        client.pods().inAnyNamespace().withLabel(PodFactory.JOB_NAME).inform(new PodEvents());
  }

  /** Starts; {@code client} must outlive the executor. */
  public static LocalJobs start(KubernetesClient client, LocalJobsSettings settings) {
    return new LocalJobs(client, settings);
  }

  private void onJob(Job job) {
    runs.computeIfAbsent(
            job.getMetadata().getUid(), uid -> new JobRun(settings, client, clock, loop, job))
        .onJob(job);
  }

  private void onJobGone(Job job) {
    JobRun run = runs.remove(job.getMetadata().getUid());
    if (run != null) {
      run.onDeleted();
      // its pods drain; their events still have to reach it
      deleted.put(job.getMetadata().getUid(), run);
    }
  }

  private void onPod(Pod pod, boolean gone) {
    if (gone || pod.getMetadata().getDeletionTimestamp() != null) {
      runs.values().forEach(run -> run.onPodDeletion(pod, gone));
      deleted.values().forEach(run -> run.onPodDeletion(pod, gone));
      deleted.values().removeIf(JobRun::isIdle);
    }
  }

  @Override
  public void close() {
    jobs.stop();
    pods.stop();
    CompletableFuture<Void> killed = new CompletableFuture<>();
    loop.decide(
        () -> {
          runs.values().forEach(JobRun::kill);
          deleted.values().forEach(JobRun::kill);
          killed.complete(null);
        });
    killed.completeOnTimeout(null, STOP_SECONDS, TimeUnit.SECONDS).join();
    loop.close();
  }

  /** Events of Jobs, handed to the deciding thread. */
  private final class JobEvents implements ResourceEventHandler<Job> {
    @Override
    public void onAdd(Job job) {
      loop.decide(() -> onJob(job));
    }

    @Override
    public void onUpdate(Job before, Job job) {
      loop.decide(() -> onJob(job));
    }

    @Override
    public void onDelete(Job job, boolean unknownFinalState) {
      loop.decide(() -> onJobGone(job));
    }
  }

  /** Events of Pods, handed to the deciding thread. */
  private final class PodEvents implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      loop.decide(() -> onPod(pod, false));
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      loop.decide(() -> onPod(pod, false));
    }

    @Override
    public void onDelete(Pod pod, boolean unknownFinalState) {
      loop.decide(() -> onPod(pod, true));
    }
  }
}
