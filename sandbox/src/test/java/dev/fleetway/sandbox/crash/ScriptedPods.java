package dev.fleetway.sandbox.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
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
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Job controller, kubelet and runner in one, for the Jobs of a namespace: no process, no database,
 * done at once. One Job ends as the {@link Mishap} says.
 */
final class ScriptedPods {
  static final String HEAD_VERSION = "2";

  private static final BundleReport BUNDLE =
      new BundleReport(
          "sha256:" + "0".repeat(64), HEAD_VERSION, 2, List.of("2", "1"), null, List.of());
  private static final String NOW = "2026-01-01T00:00:00Z";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final Mishap mishap;
  private final ExecutorService machine = Executors.newSingleThreadExecutor();
  private final SharedIndexInformer<Job> jobs;

  private ScriptedPods(KubernetesClient client, String namespace, Mishap mishap) {
    this.client = client;
    this.mishap = mishap;
    this.jobs = client.batch().v1().jobs().inNamespace(namespace).inform(new JobEvents());
  }

  /** Starts; {@code client} must outlive it. */
  static ScriptedPods start(KubernetesClient client, String namespace, Mishap mishap) {
    return new ScriptedPods(client, namespace, mishap);
  }

  private void play(Job job) {
    Pod pod = client.resource(pod(job)).create();
    if ("inspect".equals(label(job, "component"))) {
      complete(job, pod, new TerminationMessage(BUNDLE, null, null));
    } else if (!goesWrong(job)) {
      complete(job, pod, migrate(assignment(job), Outcome.Succeeded));
    } else if (mishap == Mishap.TENANT_FAILS) {
      complete(job, pod, migrate(assignment(job), Outcome.Failed));
    } else if (mishap == Mishap.POD_IS_LOST) {
      fail(job, pod, "");
    } else {
      // the other tenant stays in work until the Job is told to stop
      Assignment work = assignment(job);
      Outcome unused = migrate(work, work.tenants().get(0), Outcome.Succeeded);
    }
  }

  private boolean goesWrong(Job job) {
    return String.valueOf(Mishap.COHORT).equals(label(job, "cohort"))
        && String.valueOf(Mishap.ATTEMPT).equals(label(job, "attempt"));
  }

  private static String label(Job job, String name) {
    return job.getMetadata().getLabels().get("fleetway.dev/" + name);
  }

  /** The Job was told to stop: its pod cancels the tenant in work and says so. */
  private void drain(Job job) {
    Pod pod = client.resource(pod(job)).require();
    if ("Failed".equals(pod.getStatus().getPhase())) {
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
    Tenant tenant =
        client
            .resources(Tenant.class)
            .inNamespace(work.namespace())
            .withName(member.name())
            .require();
    return Optional.ofNullable(tenant.getStatus().lastRun())
        .filter(found -> found.belongsTo(work.runUid()))
        .filter(found -> found.outcome().isSuccess() || found.attempt() == work.attempt())
        .map(LastRun::outcome)
        .orElseGet(
            () -> {
              write(tenant, lastRun(work, wanted));
              return wanted;
            });
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

  private void write(Tenant tenant, LastRun lastRun) {
    Condition ready =
        new Condition(
            "Ready",
            Condition.Status.of(lastRun.outcome().isSuccess()),
            tenant.getMetadata().getGeneration(),
            NOW,
            lastRun.outcome().name(),
            "as scripted");
    TenantStatus before = tenant.getStatus();
    tenant.setStatus(
        new TenantStatus(
            before.observedGeneration(),
            lastRun.toVersion(),
            null,
            before.access(),
            lastRun,
            null,
            List.of(ready)));
    Tenant unused = client.resource(tenant).updateStatus();
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
      if (mishap == Mishap.PERSON_ABORTS && job.getSpec().getActiveDeadlineSeconds() == 1) {
        machine.execute(() -> drain(job));
      }
    }

    @Override
    public void onDelete(Job job, boolean unknownFinalState) {
      // with its namespace
    }
  }
}
