package dev.fleetway.bench.scale;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.sandbox.jobs.PlayedJob;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Job controller and kubelet: each Job gets a pod, which does its work at once and ends well. */
final class PlayedCluster implements AutoCloseable {
  static final String HEAD_VERSION = "105";

  private static final BundleReport BUNDLE =
      new BundleReport(
          "sha256:" + "0".repeat(64), HEAD_VERSION, 2, List.of("105", "104"), null, List.of());

  private final KubernetesClient client;
  private final PlayedRunner runner;
  private final ExecutorService machine = Executors.newSingleThreadExecutor();
  private final SharedIndexInformer<Job> jobs;
  private final Map<String, Integer> cohortOf = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> trouble = new CompletableFuture<>();

  private PlayedCluster(KubernetesClient client, PlayedRunner runner, String namespace) {
    this.client = client;
    this.runner = runner;
    this.jobs = client.batch().v1().jobs().inNamespace(namespace).inform(new JobEvents());
  }

  /** Starts; {@code client} must outlive it. */
  static PlayedCluster start(KubernetesClient client, PlayedRunner runner, String namespace) {
    return new PlayedCluster(client, runner, namespace);
  }

  /** The cohort of each tenant that a Job was started for. */
  Map<String, Integer> cohortOf() {
    return Map.copyOf(cohortOf);
  }

  /** Why it could not go on; empty when it can. */
  Optional<String> trouble() {
    return trouble.isCompletedExceptionally()
        ? Optional.of(trouble.handle((nothing, thrown) -> String.valueOf(thrown)).join())
        : Optional.empty();
  }

  private void play(Job job) {
    try {
      PlayedJob played = new PlayedJob(client, job);
      if (PlayedJob.isInspection(job)) {
        played.inspected(BUNDLE);
      } else {
        work(played);
      }
    } catch (RuntimeException | InterruptedException e) {
      trouble.completeExceptionally(e);
    }
  }

  private void work(PlayedJob job) throws InterruptedException {
    Pod pod = job.start();
    Assignment work = job.assignment();
    work.tenants().forEach(member -> cohortOf.put(member.name(), work.cohort()));
    runner.migrate(work);
    RunSummary all = new RunSummary(work.tenants().size(), 0, 0, 0, List.of());
    job.complete(pod, new TerminationMessage(null, null, all));
  }

  @Override
  public void close() {
    jobs.stop();
    machine.shutdown();
  }

  private final class JobEvents implements ResourceEventHandler<Job> {
    @Override
    public void onAdd(Job job) {
      machine.execute(() -> play(job));
    }

    @Override
    public void onUpdate(Job before, Job job) {
      // our own status
    }

    @Override
    public void onDelete(Job job, boolean unknownFinalState) {
      // nobody deletes one here
    }
  }
}
