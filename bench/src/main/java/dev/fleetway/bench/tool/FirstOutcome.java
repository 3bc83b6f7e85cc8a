package dev.fleetway.bench.tool;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Notes when the first Tenant of an assignment gets its outcome. One of the others may be quicker
 * by a moment; to watch them all would cost the API server what it shall do for the runner.
 */
final class FirstOutcome implements Watcher<Tenant>, AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  private final String runUid;
  private final CompletableFuture<Long> seen = new CompletableFuture<>();
  private Watch watch;

  private FirstOutcome(String runUid) {
    this.runUid = runUid;
  }

  static FirstOutcome of(KubernetesClient client, Assignment assignment) {
    FirstOutcome first = new FirstOutcome(assignment.runUid());
    first.watch =
        client
            .resources(Tenant.class)
            .inNamespace(assignment.namespace())
            .withName(assignment.tenants().get(0).name())
            .watch(first);
    return first;
  }

  /** When it was recorded, in the time of {@link System#nanoTime()}. */
  long nanoTime() throws IOException, InterruptedException {
    try {
      return seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no outcome was seen", e);
    }
  }

  @Override
  public void eventReceived(Action action, Tenant tenant) {
    boolean recorded =
        Optional.ofNullable(tenant.getStatus())
            .map(TenantStatus::lastRun)
            .filter(last -> last.belongsTo(runUid))
            .isPresent();
    if (recorded) {
      seen.complete(System.nanoTime());
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    seen.completeExceptionally(cause);
  }

  @Override
  public void close() {
    watch.close();
  }
}
