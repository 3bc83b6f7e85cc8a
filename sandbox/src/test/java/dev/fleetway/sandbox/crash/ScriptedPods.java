package dev.fleetway.sandbox.crash;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.sandbox.jobs.PlayedJob;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * Job controller, kubelet and runner in one, for the Jobs of a namespace: no process, no database,
 * done at once. One Job ends as the {@link Story} says.
 */
final class ScriptedPods {
  static final String HEAD_VERSION = "2";

  private static final BundleReport BUNDLE =
      new BundleReport(
          "sha256:" + "0".repeat(64), HEAD_VERSION, 2, List.of("2", "1"), null, List.of());
  private static final String NOW = "2026-01-01T00:00:00Z";
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final Story story;
  private final ExecutorService machine = Executors.newSingleThreadExecutor();
  private final SharedIndexInformer<Job> jobs;

  private ScriptedPods(KubernetesClient client, String namespace, Story story) {
    this.client = client;
    this.story = story;
    this.jobs = client.batch().v1().jobs().inNamespace(namespace).inform(new JobEvents());
  }

  /** Starts; {@code client} must outlive it. */
  static ScriptedPods start(KubernetesClient client, String namespace, Story story) {
    return new ScriptedPods(client, namespace, story);
  }

  private void play(Job job) {
    PlayedJob played = new PlayedJob(client, job);
    if (PlayedJob.isInspection(job)) {
      played.inspected(BUNDLE);
    } else {
      play(played, played.start(), story.endOf(number(job, "cohort"), number(job, "attempt")));
    }
  }

  private void play(PlayedJob job, Pod pod, PodEnd end) {
    Assignment work = job.assignment();
    switch (end) {
      case ALL_SUCCEED -> job.complete(pod, migrate(work, Outcome.Succeeded));
      case FIRST_TENANT_FAILS -> job.complete(pod, migrate(work, Outcome.Failed));
      case IS_LOST -> job.fail(pod, "");
      case WORKS_UNTIL_TOLD_TO_STOP -> {
        Outcome unused = migrate(work, work.tenants().get(0), Outcome.Succeeded);
      }
      case WORKS_UNTIL_THE_RUN_IS_SUSPENDED -> {
        Outcome unused = migrate(work, work.tenants().get(0), Outcome.Succeeded);
        await("somebody suspends the run")
            .dontCatchUncaughtExceptions()
            .until(() -> isSuspended(work));
        job.complete(pod, migrate(work, Outcome.Succeeded));
      }
    }
  }

  private boolean isSuspended(Assignment work) {
    return client
        .resources(TenantMigrationRun.class)
        .inNamespace(work.namespace())
        .withName(work.run())
        .require()
        .getSpec()
        .suspend();
  }

  private static int number(Job job, String label) {
    return Integer.parseInt(PlayedJob.label(job, label));
  }

  /** The Job was told to stop: its pod cancels the tenant in work and says so. */
  private void drain(Job job) {
    PlayedJob played = new PlayedJob(client, job);
    Pod pod = played.now();
    if (pod.getStatus() != null && ENDED.contains(pod.getStatus().getPhase())) {
      return;
    }
    List<Assignment.Member> members = played.assignment().tenants();
    String inWork = members.get(members.size() - 1).name();
    RunSummary summary = new RunSummary(1, 0, 0, 0, List.of(inWork));
    played.fail(pod, json(new TerminationMessage(null, null, summary)));
  }

  /** Gives the first tenant this outcome; the others succeed, if it comes to them. */
  private TerminationMessage migrate(Assignment work, Outcome first) {
    int succeeded = 0;
    int failed = 0;
    for (Assignment.Member member : work.tenants()) {
      if (failed == work.limits().failureThreshold()) {
        break;
      }
      Outcome wanted = member.equals(work.tenants().get(0)) ? first : Outcome.Succeeded;
      if (migrate(work, member, wanted).isSuccess()) {
        succeeded++;
      } else {
        failed++;
      }
    }
    int left = work.tenants().size() - succeeded - failed;
    return new TerminationMessage(
        null, null, new RunSummary(succeeded, 0, failed, left, List.of()));
  }

  /** A tenant with a final outcome is left alone, as the runner does. */
  private Outcome migrate(Assignment work, Assignment.Member member, Outcome wanted) {
    Resource<Tenant> tenant =
        client.resources(Tenant.class).inNamespace(work.namespace()).withName(member.name());
    if (work.mode() == Mode.Plan) {
      write(tenant, status -> reported(status, work));
      return wanted;
    }
    return Optional.ofNullable(tenant.require().getStatus().lastRun())
        .filter(found -> found.belongsTo(work.runUid()))
        .filter(found -> found.outcome().isSuccess() || found.attempt() == work.attempt())
        .map(LastRun::outcome)
        .orElseGet(
            () -> {
              write(tenant, status -> migrated(status, lastRun(work, wanted)));
              return wanted;
            });
  }

  private static TenantStatus reported(TenantStatus before, Assignment work) {
    return new TenantStatus(
        before.observedGeneration(),
        before.schemaVersion(),
        null,
        before.access(),
        before.lastRun(),
        new LastPlan(
            work.run(),
            work.runUid(),
            work.attempt(),
            work.cohort(),
            NOW,
            "1",
            1,
            List.of(HEAD_VERSION),
            List.of()),
        before.conditions());
  }

  private static LastRun lastRun(Assignment work, Outcome outcome) {
    boolean succeeds = outcome.isSuccess();
    return new LastRun(
        work.run(),
        work.runUid(),
        work.attempt(),
        work.cohort(),
        outcome,
        succeeds ? null : TenantReason.SqlError,
        null,
        null,
        succeeds ? null : HEAD_VERSION,
        "1",
        succeeds ? HEAD_VERSION : "1",
        1,
        NOW,
        1L,
        null,
        null);
  }

  private static TenantStatus migrated(TenantStatus before, LastRun lastRun) {
    Condition ready =
        new Condition(
            "Ready",
            Condition.Status.of(lastRun.outcome().isSuccess()),
            before.observedGeneration(),
            NOW,
            lastRun.outcome().name(),
            "as scripted");
    return new TenantStatus(
        before.observedGeneration(),
        lastRun.toVersion(),
        null,
        before.access(),
        lastRun,
        before.lastPlan(),
        List.of(ready));
  }

  /** As a patch of what differs: the operator may write {@code access} in this very moment. */
  private static void write(Resource<Tenant> resource, UnaryOperator<TenantStatus> change) {
    Tenant unused =
        resource.editStatus(
            tenant -> {
              tenant.setStatus(change.apply(tenant.getStatus()));
              return tenant;
            });
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  void stop() {
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
      if (job.getSpec().getActiveDeadlineSeconds() == 1) {
        machine.execute(() -> drain(job));
      }
    }

    @Override
    public void onDelete(Job job, boolean unknownFinalState) {
      // with its namespace
    }
  }
}
