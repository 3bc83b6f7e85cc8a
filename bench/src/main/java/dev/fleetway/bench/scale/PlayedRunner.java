package dev.fleetway.bench.scale;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus.AppliedMigration;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.database.TenantResult;
import dev.fleetway.runner.outcome.KubernetesTenantApi;
import dev.fleetway.runner.outcome.OutcomeWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The runner without its databases: it reads each tenant and writes an outcome with the writers of
 * the real one, and the migration in between takes no time.
 */
final class PlayedRunner {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration WORK = Duration.ofMillis(35);

  private final KubernetesClient client;

  PlayedRunner(KubernetesClient client) {
    this.client = client;
  }

  /** Returns when every tenant has its outcome. */
  void migrate(Assignment work) throws InterruptedException {
    KubernetesTenantApi tenants = new KubernetesTenantApi(client, work.namespace());
    Clock clock = Clock.systemUTC();
    OutcomeWriter writer = new OutcomeWriter(tenants, work, clock, PATIENCE);
    ExecutorService workers = Executors.newFixedThreadPool(work.limits().concurrency());
    for (Assignment.Member member : work.tenants()) {
      workers.execute(
          () -> {
            Tenant tenant = tenants.find(member.name()).orElseThrow();
            writer.submit(member, tenant, migrated(clock), () -> {});
          });
    }
    workers.shutdown();
    boolean done = workers.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (!done || !writer.flush(PATIENCE) || writer.lost() > 0) {
      throw new IllegalStateException("outcomes of cohort " + work.cohort() + " are missing");
    }
  }

  private static TenantResult migrated(Clock clock) {
    return new TenantResult(
        Outcome.Succeeded,
        null,
        null,
        null,
        null,
        "104",
        Optional.of(new TenantResult.SchemaState(PlayedCluster.HEAD_VERSION, null, false)),
        List.of(new AppliedMigration(PlayedCluster.HEAD_VERSION, WORK.toMillis())),
        List.of(),
        clock.instant(),
        WORK,
        1);
  }
}
