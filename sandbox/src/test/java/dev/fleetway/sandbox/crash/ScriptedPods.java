package dev.fleetway.sandbox.crash;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
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
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
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
    Pod pod = client.resource(pod(job)).create();
    if ("inspect".equals(label(job, "component"))) {
      complete(job, pod, new TerminationMessage(BUNDLE, null, null));
    } else {
      play(job, pod, story.endOf(number(job, "cohort"), number(job, "attempt")));
    }
  }

  private void play(Job job, Pod pod, PodEnd end) {
    Assignment work = assignment(job);
    switch (end) {
      case ALL_SUCCEED -> complete(job, pod, migrate(work, Outcome.Succeeded));
      case FIRST_TENANT_FAILS -> complete(job, pod, migrate(work, Outcome.Failed));
      case IS_LOST -> fail(job, pod, "");
      case WORKS_UNTIL_TOLD_TO_STOP -> {
        Outcome unused = migrate(work, work.tenants().get(0), Outcome.Succeeded);
      }
      case WORKS_UNTIL_THE_RUN_IS_SUSPENDED -> {
        Outcome unused = migrate(work, work.tenants().get(0), Outcome.Succeeded);
        await("somebody suspends the run").until(() -> isSuspended(work));
        complete(job, pod, migrate(work, Outcome.Succeeded));
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
    return Integer.parseInt(label(job, label));
  }

  private static String label(Job job, String name) {
    return job.getMetadata().getLabels().get("fleetway.dev/" + name);
  }

  /** The Job was told to stop: its pod cancels the tenant in work and says so. */
  private void drain(Job job) {
    Pod pod = client.resource(pod(job)).require();
    if (pod.getStatus() != null && ENDED.contains(pod.getStatus().getPhase())) {
      return;
    }
    List<Assignment.Member> members = assignment(job).tenants();
    String inWork = members.get(members.size() - 1).name();
    RunSummary summary = new RunSummary(1, 0, 0, 0, List.of(inWork));
    fail(job, pod, json(new TerminationMessage(null, null, summary)));
  }

  private void complete(Job job, Pod pod, TerminationMessage lastWord) {
    end(pod, "Succeeded", PodContract.EXIT_DONE, json(lastWord));
    end(job, true);
  }

  private void fail(Job job, Pod pod, String lastWord) {
    end(pod, "Failed", PodContract.EXIT_INTERRUPTED, lastWord);
    end(job, false);
  }

  private void end(Pod pod, String phase, int exitCode, String lastWord) {
    pod.setStatus(
        new PodStatusBuilder()
            .withPhase(phase)
            .addNewContainerStatus()
            .withName("runner")
            .withNewState()
            .withNewTerminated()
            .withExitCode(exitCode)
            .withMessage(lastWord)
            .endTerminated()
            .endState()
            .endContainerStatus()
            .build());
    Pod unused = client.resource(pod).updateStatus();
  }

  private void end(Job job, boolean success) {
    Job unused =
        client
            .resource(
                new JobBuilder(job)
                    .editMetadata()
                    .withResourceVersion(null)
                    .endMetadata()
                    .withNewStatus()
                    .withStartTime(NOW)
                    .withCompletionTime(success ? NOW : null)
                    .withSucceeded(success ? 1 : null)
                    .withCompletedIndexes(success ? "0" : null)
                    .withFailed(success ? null : 1)
                    .withConditions(
                        condition(success ? "SuccessCriteriaMet" : "FailureTarget"),
                        condition(success ? "Complete" : "Failed"))
                    .endStatus()
                    .build())
            .updateStatus();
  }

  private static Pod pod(Job job) {
    PodTemplateSpec template = job.getSpec().getTemplate();
    return new PodBuilder()
        .withNewMetadata()
        .withName(job.getMetadata().getName() + "-0")
        .withNamespace(job.getMetadata().getNamespace())
        .withLabels(template.getMetadata().getLabels())
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  private static JobCondition condition(String type) {
    return new JobConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason("Scripted")
        .withMessage("as scripted")
        .withLastTransitionTime(NOW)
        .build();
  }

  private Assignment assignment(Job job) {
    String text =
        client
            .configMaps()
            .inNamespace(job.getMetadata().getNamespace())
            .withName(job.getMetadata().getName())
            .require()
            .getData()
            .get("assignment.json");
    try {
      return JSON.readValue(text, Assignment.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
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
