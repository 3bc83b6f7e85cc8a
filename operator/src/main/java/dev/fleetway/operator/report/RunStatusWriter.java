package dev.fleetway.operator.report;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.operator.model.OwnWrites;
import dev.fleetway.operator.model.StaleRunException;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a run's status when it differs, then tells people what changed. */
public final class RunStatusWriter {
  private static final Logger LOG = LoggerFactory.getLogger(RunStatusWriter.class);
  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("fleetway-operator")
          .withForce(true)
          .build();

  private final EventPublisher events;
  private final OwnWrites ownWrites;
  private final Map<String, Instant> lastWrites = new ConcurrentHashMap<>();

  public RunStatusWriter(KubernetesClient client, OwnWrites ownWrites) {
    this.events = new EventPublisher(client);
    this.ownWrites = ownWrites;
  }

  /**
   * Writes.
   *
   * @param run the run, as the API server had it a moment ago
   * @param listener hears of a write that succeeded: of the status before it
   * @return how long to wait before progress may be written; zero when nothing is held back
   * @throws StaleRunException when the run changed, or vanished, since it was looked at
   */
  public Duration write(
      TenantMigrationRun run,
      TenantMigrationRunStatus status,
      Context<TenantMigrationRun> context,
      Instant now,
      Consumer<TenantMigrationRunStatus> listener) {
    TenantMigrationRunStatus before =
        run.getStatus() == null ? TenantMigrationRunStatus.empty() : run.getStatus();
    if (before.equals(status)) {
      return Duration.ZERO;
    }
    Duration hold = progressHold(run.getMetadata().getUid(), before, status, now);
    if (!hold.isZero()) {
      return hold;
    }
    TenantMigrationRun written = patch(run, status, context);
    ownWrites.remember(written);
    remember(written, status, now);
    listener.accept(before);
    logTransition(written, before, status);
    RunEvents.between(before, status).forEach(event -> events.publish(written, event, now));
    return Duration.ZERO;
  }

  /**
   * The patch carries the resource version that the status was computed from, and a conflict is not
   * tried again with the same content: the run is looked at anew.
   */
  private static TenantMigrationRun patch(
      TenantMigrationRun run,
      TenantMigrationRunStatus status,
      Context<TenantMigrationRun> context) {
    TenantMigrationRun fresh = new TenantMigrationRun();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(run.getMetadata().getName())
            .withNamespace(run.getMetadata().getNamespace())
            .build());
    fresh.setStatus(status);
    return PrimaryUpdateAndCacheUtils.updateAndCacheResource(
        run, context, stale -> fresh, wanted -> patch(wanted, context.getClient()), 0, 0, 0);
  }

  private static TenantMigrationRun patch(TenantMigrationRun wanted, KubernetesClient client) {
    try {
      return client.resource(wanted).subresource("status").patch(APPLY);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        throw new StaleRunException(e);
      }
      throw e;
    }
  }

  private void remember(TenantMigrationRun run, TenantMigrationRunStatus status, Instant now) {
    if (status.phase() != null && status.phase().isEnded()) {
      lastWrites.remove(run.getMetadata().getUid());
    } else {
      lastWrites.put(run.getMetadata().getUid(), now);
    }
  }

  /** Counters that move while the story stays the same may wait a little. */
  private Duration progressHold(
      String uid, TenantMigrationRunStatus before, TenantMigrationRunStatus after, Instant now) {
    Instant last = lastWrites.get(uid);
    boolean sameStory =
        before.phase() == after.phase()
            && Objects.equals(before.observedGeneration(), after.observedGeneration())
            && Objects.equals(before.lastClosedCohort(), after.lastClosedCohort())
            && story(before).equals(story(after))
            && RunEvents.between(before, after).isEmpty();
    if (last == null || !sameStory) {
      return Duration.ZERO;
    }
    Duration hold = Duration.between(now, last.plus(PROGRESS_INTERVAL));
    // A clock that was set back must not hold progress for longer than that.
    return hold.isNegative() || hold.compareTo(PROGRESS_INTERVAL) > 0 ? Duration.ZERO : hold;
  }

  private static List<String> story(TenantMigrationRunStatus status) {
    return status.conditions().stream().map(c -> c.type() + c.status() + c.reason()).toList();
  }

  private static void logTransition(
      TenantMigrationRun run, TenantMigrationRunStatus before, TenantMigrationRunStatus after) {
    Condition ready = after.condition("Ready");
    if (ready != null && !story(before).equals(story(after))) {
      LOG.atInfo()
          .addKeyValue("namespace", run.getMetadata().getNamespace())
          .addKeyValue("run", run.getMetadata().getName())
          .addKeyValue("attempt", after.attempt())
          .addKeyValue("phase", after.phase())
          .addKeyValue("reason", ready.reason())
          .log("{}", ready.message());
    }
  }
}
