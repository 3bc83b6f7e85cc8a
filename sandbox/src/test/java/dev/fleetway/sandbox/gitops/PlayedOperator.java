package dev.fleetway.sandbox.gitops;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Brings each run of a namespace to its end: those whose name says {@code bad} abort in their first
 * attempt, those whose name says {@code slow} never end, all others succeed.
 */
final class PlayedOperator implements AutoCloseable {
  private static final String STATUS =
      """
      {"status": {
        "observedGeneration": %d, "phase": "%s", "attempt": %d,
        "failureGroups": %s,
        "conditions": [
          {"type": "Ready", "status": "%s", "reason": "%s", "message": "%s", "observedGeneration": %1$d, "lastTransitionTime": "2026-01-01T00:00:00Z"},
          {"type": "Reconciling", "status": "False", "reason": "%6$s", "message": "%7$s", "observedGeneration": %1$d, "lastTransitionTime": "2026-01-01T00:00:00Z"},
          {"type": "Stalled", "status": "%8$s", "reason": "%6$s", "message": "%7$s", "observedGeneration": %1$d, "lastTransitionTime": "2026-01-01T00:00:00Z"},
          {"type": "Succeeded", "status": "%5$s", "reason": "%6$s", "message": "%7$s", "observedGeneration": %1$d, "lastTransitionTime": "2026-01-01T00:00:00Z"},
          {"type": "Finished", "status": "True", "reason": "%6$s", "message": "%7$s", "observedGeneration": %1$d, "lastTransitionTime": "2026-01-01T00:00:00Z"}
        ]
      }}
      """;
  private static final String CAUSES =
      "[{\"fingerprint\": \"f\", \"reason\": \"LockTimeout\", \"sqlState\": \"55P03\", \"count\": 3,"
          + " \"servers\": 1, \"example\": \"acme\"}]";

  private final KubernetesClient client;
  private final String namespace;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  PlayedOperator(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    Future<?> unused = timer.scheduleWithFixedDelay(this::look, 0, 100, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      client
          .resources(TenantMigrationRun.class)
          .inNamespace(namespace)
          .list()
          .getItems()
          .forEach(this::end);
    } catch (KubernetesClientException e) {
      // deleted in between: the next look sees it
    }
  }

  private void end(TenantMigrationRun run) {
    String name = run.getMetadata().getName();
    long generation = run.getMetadata().getGeneration();
    if (name.contains("slow")
        || (run.getStatus() != null
            && Objects.equals(run.getStatus().observedGeneration(), generation))) {
      return;
    }
    int attempt = run.getSpec().attempt();
    boolean aborts = name.contains("bad") && attempt == 1;
    TenantMigrationRun unused =
        client
            .resource(run)
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                STATUS.formatted(
                    generation,
                    aborts ? "Aborted" : "Succeeded",
                    attempt,
                    aborts ? CAUSES : "[]",
                    aborts ? "False" : "True",
                    aborts ? "AbortRateExceeded" : "AllTenantsCurrent",
                    aborts ? "3 of 10 tenants failed." : "10 tenants are at 105.",
                    aborts ? "True" : "False"));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
