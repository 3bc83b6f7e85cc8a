package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.Forwarder;
import dev.fleetway.runner.testing.Provokes;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A tenant whose time is over has no backend at work any more, or the outcome says so. */
class BackendEndIT extends OnEveryPostgres {
  @Test
  @Provokes(TenantReason.TenantTimeout)
  void aBackendThatIgnoresCancelsIsTerminated() throws IOException {
    TenantSpec.Database database = tenant("stubborn");
    Bundle bundle =
        bundleOf(
            "V1__stubborn.sql",
            """
            DO $$ BEGIN
              LOOP
                BEGIN
                  PERFORM pg_sleep(600);
                EXCEPTION WHEN query_canceled THEN
                  NULL;
                END;
              END LOOP;
            END $$;
            """);

    TenantResult result = migrate(bundle, "1", database, Duration.ofSeconds(1));

    assertThat(backends("stubborn")).isEmpty();
    assertThat(result.reason()).isEqualTo(TenantReason.TenantTimeout);
    assertThat(result.message()).isEqualTo("stopped after 1000 ms, its session was cancelled");
  }

  @Test
  void aBackendThatObeysIsGoneBeforeTheTenantCountsAsFinished() throws IOException {
    TenantSpec.Database database = tenant("obedient");

    TenantResult result =
        migrate(
            bundleOf("V1__s.sql", "SELECT pg_sleep(60);"), "1", database, Duration.ofSeconds(1));

    assertThat(backends("obedient")).isEmpty();
    assertThat(result.reason()).isEqualTo(TenantReason.TenantTimeout);
  }

  @Test
  void aServerThatCannotBeAskedIsNotTakenForAProof() throws Exception {
    tenant("unreachable");
    try (Forwarder network = Forwarder.to(server(), 0)) {
      CompletableFuture<Optional<TenantResult>> migration =
          with(Duration.ofSeconds(3), LOCK_TIMEOUT, 0)
              .start(
                  bundleOf("V1__s.sql", "SELECT pg_sleep(25);"),
                  "1",
                  TestTenants.database("localhost", network.port(), "unreachable", "public", null));
      Awaitility.await().until(() -> !backends("unreachable").isEmpty());
      String pid =
          Awaitility.await().until(() -> sleeping("unreachable"), list -> !list.isEmpty()).get(0);
      network.silence();

      TenantResult result = migration.join().orElseThrow();

      assertThat(result.reason()).isEqualTo(TenantReason.TenantTimeout);
      assertThat(result.message())
          .contains("could not be proven that its backend, pid " + pid, "pg_stat_activity");
      assertThat(result.state()).isEmpty();
    }
  }

  /** The tenant's own; the one that looked at it from outside may still be on its way out. */
  private List<String> backends(String database) {
    return server()
        .query(
            "postgres",
            "SELECT pid::text FROM pg_stat_activity WHERE datname = ? AND application_name ="
                + " 'fleetway v112'",
            database);
  }

  private List<String> sleeping(String database) {
    return server()
        .query(
            "postgres",
            "SELECT pid::text FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = ?",
            database);
  }
}
