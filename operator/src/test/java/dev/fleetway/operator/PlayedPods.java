package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.AppliedMigration;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The Job controller and the runner, over stored objects. Remembers whom it migrated. */
final class PlayedPods {
  static final String DIGEST =
      "sha256:6c1f2d0b9a7e4c35d8e2f1a0b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6";

  private static final String HEAD = "105";
  private static final long MILLIS = 812;
  private static final int MOST_TURNS = 200;
  private static final int BETWEEN_TURNS = 30;

  private final StoredCluster stored;
  private final List<String> migrated = new ArrayList<>();

  PlayedPods(StoredCluster stored) {
    this.stored = stored;
  }

  /** Everyone whose database a pod of this play changed, or tried to. */
  List<String> migrated() {
    return migrated;
  }

  /** The Job that is not over; empty for none. */
  Optional<Job> liveJob() {
    return stored.all(Job.class).stream().filter(job -> !isOver(job)).findFirst();
  }

  private static boolean isOver(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Complete") || c.getType().equals("Failed"));
  }

  /** The Job controller creates the pods that are missing, and they start. */
  void start(Instant now) {
    Job job = liveJob().orElseThrow();
    for (int index = 0; index < job.getSpec().getCompletions(); index++) {
      String name = podName(job, index);
      if (stored.find(Pod.class, name).isEmpty()) {
        stored.put(pod(job, index, name, now));
      }
    }
  }

  private static String podName(Job job, int index) {
    return job.getMetadata().getName() + "-" + index + "-x7k2p";
  }

  private static Pod pod(Job job, int index, String name, Instant now) {
    Map<String, String> labels = new HashMap<>(job.getMetadata().getLabels());
    labels.put("batch.kubernetes.io/job-name", job.getMetadata().getName());
    labels.put("batch.kubernetes.io/job-completion-index", Integer.toString(index));
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(job.getMetadata().getNamespace())
        .withUid("%08x-2222-4000-8000-000000000000".formatted(name.hashCode()))
        .withLabels(labels)
        .withCreationTimestamp(now.toString())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-1")
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .endStatus()
        .build();
  }

  /** The bundle is read and reported. */
  void inspect(Instant now) {
    start(now);
    BundleReport report =
        new BundleReport(DIGEST, HEAD, 5, List.of(HEAD, "104"), List.of(), List.of());
    complete(new TerminationMessage(report, null, null), now);
  }

  /** Migrates one tenant of the Job at work, if nothing is final there. */
  void migrate(String tenant, TenantReason failure, Instant now) {
    Assignment work = assignment(liveJob().orElseThrow());
    assertThat(work.tenants()).extracting(Assignment.Member::name).contains(tenant);
    Tenant found = stored.find(Tenant.class, tenant).orElseThrow();
    TenantStatus old = found.getStatus();
    boolean isFinal =
        old.lastRun() != null
            && old.lastRun().belongsTo(work.runUid())
            && (old.lastRun().attempt() >= work.attempt() || old.lastRun().outcome().isSuccess());
    if (isFinal) {
      return;
    }
    Tenant written = Serialization.clone(found);
    if (work.mode() == Mode.Plan) {
      written.setStatus(reported(old, work, failure, now));
    } else {
      migrated.add(tenant);
      written.setStatus(migrated(old, work, failure, now));
    }
    stored.put(written);
  }

  private static TenantStatus reported(
      TenantStatus old, Assignment work, TenantReason problem, Instant now) {
    LastPlan report =
        new LastPlan(
            work.run(),
            work.runUid(),
            work.attempt(),
            work.cohort(),
            now.toString(),
            old.schemaVersion(),
            1,
            List.of(HEAD),
            problem == null ? List.of() : List.of(new Problem(problem, HEAD, problem.hint())));
    return new TenantStatus(
        old.observedGeneration(),
        old.schemaVersion(),
        old.minCompatibleCodeVersion(),
        old.access(),
        old.lastRun(),
        report,
        old.conditions());
  }

  private static TenantStatus migrated(
      TenantStatus old, Assignment work, TenantReason failure, Instant now) {
    boolean good = failure == null;
    String from = old.schemaVersion();
    LastRun outcome =
        new LastRun(
            work.run(),
            work.runUid(),
            work.attempt(),
            work.cohort(),
            good ? Outcome.Succeeded : Outcome.Failed,
            failure,
            good ? null : "duplicate key value violates unique constraint \"orders_pkey\"",
            good ? null : "23505",
            good ? null : HEAD,
            from,
            good ? HEAD : from,
            1,
            now.toString(),
            MILLIS,
            good ? List.of(new AppliedMigration(HEAD, MILLIS)) : List.of(),
            null);
    Condition ready =
        new Condition(
            "Ready",
            Condition.Status.of(good),
            1L,
            now.toString(),
            good ? "AtHead" : failure.name(),
            good ? "The schema is at " + HEAD + "." : failure.hint());
    List<Condition> before = old.conditions() == null ? List.of() : old.conditions();
    return new TenantStatus(
        old.observedGeneration(),
        good ? HEAD : from,
        old.minCompatibleCodeVersion(),
        old.access(),
        outcome,
        old.lastPlan(),
        ready.mergedInto(before));
  }

  /** All tenants of the Job at work are migrated but for these, and it ends. */
  void finish(Map<String, TenantReason> failures, Instant now) {
    start(now);
    Assignment work = assignment(liveJob().orElseThrow());
    work.tenants().stream()
        .map(Assignment.Member::name)
        .filter(name -> stored.find(Tenant.class, name).isPresent())
        .forEach(name -> migrate(name, failures.get(name), now));
    int failed = failures.size();
    RunSummary summary = new RunSummary(work.tenants().size() - failed, 0, failed, 0, List.of());
    complete(new TerminationMessage(null, null, summary), now);
  }

  private void complete(TerminationMessage lastWord, Instant now) {
    Job job = Serialization.clone(liveJob().orElseThrow());
    job.setStatus(
        new JobStatusBuilder()
            .withStartTime(job.getMetadata().getCreationTimestamp())
            .withCompletionTime(now.toString())
            .withSucceeded(job.getSpec().getCompletions())
            .withConditions(
                new JobConditionBuilder()
                    .withType("Complete")
                    .withStatus("True")
                    .withLastTransitionTime(now.toString())
                    .build())
            .build());
    stored.put(job);
    for (int index = 0; index < job.getSpec().getCompletions(); index++) {
      Pod pod = stored.find(Pod.class, podName(job, index)).orElseThrow();
      stored.put(
          pod.edit()
              .withNewStatus()
              .withPhase("Succeeded")
              .addNewContainerStatus()
              .withName("runner")
              .withNewState()
              .withNewTerminated()
              .withExitCode(0)
              .withMessage(Serialization.asJson(lastWord))
              .endTerminated()
              .endState()
              .endContainerStatus()
              .endStatus()
              .build());
    }
  }

  private Assignment assignment(Job job) {
    ConfigMap stored = this.stored.find(ConfigMap.class, job.getMetadata().getName()).orElseThrow();
    return Serialization.unmarshal(stored.getData().get(RunNames.ASSIGNMENT_KEY), Assignment.class);
  }

  /** Plays until the run is finished; a person promotes it, and resumes it after an abort. */
  void playToTheEnd(Instant from) {
    Instant now = from;
    for (int turns = 0; turns < MOST_TURNS; turns++) {
      OperatorTurn turn = stored.turn(now);
      stored.accessFollows();
      now = now.plusSeconds(BETWEEN_TURNS);
      if (liveJob().isPresent()) {
        finish(Map.of(), now);
      } else if (turn.decision() instanceof Rest && turn.status().phase().isFinished()) {
        return;
      } else if (turn.status().phase() == Phase.Aborted) {
        edit(RunEdits::resumed);
      } else if (turn.status().phase() == Phase.Suspended) {
        edit(RunEdits::promoted);
      }
    }
    throw new AssertionError("not over: " + stored.run().getStatus());
  }

  /** A person changes the run. */
  void edit(UnaryOperator<TenantMigrationRunSpec> change) {
    TenantMigrationRun run = Serialization.clone(stored.run());
    run.setSpec(change.apply(run.getSpec()));
    run.getMetadata().setGeneration(run.getMetadata().getGeneration() + 1);
    stored.put(run);
  }
}
