package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.model.JsonPatch;
import dev.fleetway.operator.model.OwnWrites;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.StaleRunException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Set;

/**
 * Keeps a run from vanishing while one of its Jobs is alive or its gate is set, and only then: an
 * operator that is uninstalled between cohorts leaves nothing that cannot be deleted.
 */
final class FinalizerHold {
  /** Gone, changed, or a {@code test} of the patch failed (422). */
  private static final Set<Integer> STALE =
      Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT, 422);

  private final KubernetesClient client;
  private final OwnWrites ownWrites;

  FinalizerHold(KubernetesClient client, OwnWrites ownWrites) {
    this.client = client;
    this.ownWrites = ownWrites;
  }

  /** Only on the very run that the decision was made from: it may have been aborted since. */
  TenantMigrationRun take(TenantMigrationRun run) {
    // The API server refuses a new finalizer on an object that is being deleted.
    if (run.hasFinalizer(RunNames.FINALIZER) || run.getMetadata().getDeletionTimestamp() != null) {
      return run;
    }
    JsonPatch patch =
        new JsonPatch().test("/metadata/resourceVersion", run.getMetadata().getResourceVersion());
    return patch(
        run,
        run.getMetadata().getFinalizers().isEmpty()
            ? patch.add("/metadata/finalizers", List.of(RunNames.FINALIZER))
            : patch.add("/metadata/finalizers/-", RunNames.FINALIZER));
  }

  /** Removes ours and no other. */
  void release(TenantMigrationRun run) {
    int index = run.getMetadata().getFinalizers().indexOf(RunNames.FINALIZER);
    if (index >= 0) {
      String path = "/metadata/finalizers/" + index;
      patch(
          run,
          new JsonPatch()
              .test("/metadata/uid", run.getMetadata().getUid())
              .test(path, RunNames.FINALIZER)
              .remove(path));
    }
  }

  private TenantMigrationRun patch(TenantMigrationRun run, JsonPatch patch) {
    try {
      TenantMigrationRun written =
          client
              .resources(TenantMigrationRun.class)
              .inNamespace(run.getMetadata().getNamespace())
              .withName(run.getMetadata().getName())
              .patch(PatchContext.of(PatchType.JSON), patch.json());
      ownWrites.remember(written);
      return written;
    } catch (KubernetesClientException e) {
      if (STALE.contains(e.getCode())) {
        throw new StaleRunException(e);
      }
      throw e;
    }
  }
}
