package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.RepeatInspection;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.model.OwnWrites;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out one decision; the only writer besides the status. */
public final class RunApplier {
  private static final Logger LOG = LoggerFactory.getLogger(RunApplier.class);

  private static final Set<Integer> REFUSALS =
      Set.of(
          HttpURLConnection.HTTP_BAD_REQUEST,
          HttpURLConnection.HTTP_FORBIDDEN,
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          422);

  private final KubernetesClient client;
  private final OwnedObjects owned;
  private final OutcomeWriter outcomes;
  private final FinalizerHold finalizer;

  public RunApplier(
      KubernetesClient client, RunnerDefaults defaults, OwnWrites ownWrites, Clock clock) {
    this.client = client;
    this.owned = new OwnedObjects(defaults);
    this.outcomes = new OutcomeWriter(client, clock);
    this.finalizer = new FinalizerHold(client, ownWrites);
  }

  /**
   * Makes it so.
   *
   * @return the run as the API server has it after these writes
   * @throws WriteRefusedException when the server refuses for good
   */
  public TenantMigrationRun apply(TenantMigrationRun run, Decision decision) {
    TenantMigrationRun held = decision.needsFinalizer() ? finalizer.take(run) : run;
    write(held, decision);
    return held;
  }

  /** After the status was written, with no Job alive and no gate set: the run may vanish. */
  public void release(TenantMigrationRun run) {
    finalizer.release(run);
  }

  private void write(TenantMigrationRun run, Decision decision) {
    String namespace = run.getMetadata().getNamespace();
    RunNames names = new RunNames(run.getMetadata().getName(), run.getMetadata().getUid());
    if (decision instanceof SettleCohort settle) {
      outcomes.write(namespace, names, run.getSpec().mode(), settle.verdict());
    }
    owned.of(run, decision).forEach(wanted -> create(wanted, names));
    if (decision instanceof RepeatInspection repeat) {
      client.batch().v1().jobs().inNamespace(namespace).withName(repeat.jobName()).delete();
    } else if (decision instanceof EndJob end) {
      end(namespace, end);
    }
  }

  /** What exists already, and is ours, was done before a crash or a stale look. */
  private <T extends HasMetadata> void create(T wanted, RunNames names) {
    try {
      client.resource(wanted).create();
      LOG.atInfo()
          .addKeyValue("namespace", wanted.getMetadata().getNamespace())
          .addKeyValue("run", names.run())
          .log("created {} {}", wanted.getKind(), wanted.getMetadata().getName());
    } catch (KubernetesClientException e) {
      if (REFUSALS.contains(e.getCode())) {
        throw new WriteRefusedException(e.getMessage(), e);
      }
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      HasMetadata found = client.resource(wanted).get();
      boolean ours =
          found != null
              && found.getMetadata().getOwnerReferences().stream()
                  .anyMatch(owner -> owner.getUid().equals(names.runUid()));
      if (!ours) {
        throw new WriteRefusedException(
            "%s %s exists and belongs to somebody else; it is tried again until it is gone."
                .formatted(wanted.getKind(), wanted.getMetadata().getName()),
            e);
      }
    }
  }

  /**
   * A deadline in the past is the one way to end a Job that comes to rest in a state that can still
   * be read after a restart; the annotation says whose doing it was.
   */
  static String endPatch(EndJob end) {
    return """
        {"metadata":{"annotations":{"%s":"%s"}},"spec":{"activeDeadlineSeconds":1}}"""
        .formatted(RunNames.ENDED_BY_ANNOTATION, end.reason());
  }

  private void end(String namespace, EndJob end) {
    try {
      Job ended =
          client
              .batch()
              .v1()
              .jobs()
              .inNamespace(namespace)
              .withName(end.jobName())
              .patch(PatchContext.of(PatchType.JSON_MERGE), endPatch(end));
      LOG.atInfo()
          .addKeyValue("namespace", namespace)
          .log("told Job {} to stop", ended.getMetadata().getName());
    } catch (KubernetesClientException e) {
      // Gone already: the next observation sees that.
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
