package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.Forwarder;
import dev.fleetway.runner.testing.Provokes;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Failures that pass by themselves, and how long they are given. */
class RetryIT extends OnEveryPostgres {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Test
  void aLockThatIsReleasedInTimeCostsATryAndNotTheTenant() throws Exception {
    TenantSpec.Database database = tenant("retriedlock");
    migrate(bundle(), "104", database);
    Trial trial = with(TIMEOUT, LOCK_TIMEOUT, 5);
    CompletableFuture<Optional<TenantResult>> migration;
    try (Connection other = server().connect("retriedlock");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
      migration = trial.start(bundle(), "112", database);

      Tries.Retry retry = trial.awaitRetry();

      assertThat(retry.failed().reason()).isEqualTo(TenantReason.LockTimeout);
      assertThat(retry.tries()).isEqualTo(1);
      assertThat(retry.delay()).isBetween(Duration.ofMillis(800), Duration.ofMillis(1_200));
    }
    TenantResult result = migration.join().orElseThrow();
    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(result.tries()).isGreaterThan(1);
    assertThat(result.fromVersion()).isEqualTo("104");
    assertThat(result.migrations()).hasSize(8);
  }

  @Test
  @Provokes(TenantReason.LockTimeout)
  void transientFailuresAreTriedAsOftenAsTheRunAllows() throws Exception {
    TenantSpec.Database database = tenant("toolong");
    migrate(bundle(), "104", database);
    try (Connection other = server().connect("toolong");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");

      TenantResult result =
          with(TIMEOUT, LOCK_TIMEOUT, 1).migrate(bundle(), "112", database).orElseThrow();

      assertThat(result.reason()).isEqualTo(TenantReason.LockTimeout);
      assertThat(result.tries()).isEqualTo(2);
    }
  }

  @Test
  void whatIsAppliedBeforeAFailedTryIsReportedOnce() throws Exception {
    TenantSpec.Database fresh = tenant("twotries");
    server().execute("twotries", "CREATE SCHEMA outside; CREATE TABLE outside.held ();");
    server()
        .execute(
            "twotries",
            "GRANT USAGE ON SCHEMA outside TO PUBLIC; GRANT ALL ON outside.held TO PUBLIC");
    Bundle outside =
        bundleOf(
            "V1__a.sql", "CREATE TABLE a ();",
            "V2__b.sql", "LOCK TABLE outside.held; CREATE TABLE b ();");
    Trial trial = with(TIMEOUT, LOCK_TIMEOUT, 5);
    CompletableFuture<Optional<TenantResult>> migration;
    try (Connection other = server().connect("twotries");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE outside.held");
      migration = trial.start(outside, "2", fresh);
      trial.awaitRetry();
    }

    TenantResult result = migration.join().orElseThrow();

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(result.fromVersion()).isNull();
    assertThat(result.migrations()).extracting(m -> m.version()).containsExactly("1", "2");
  }

  @Test
  void aDeadlockIsTriedAgain() throws Exception {
    TenantSpec.Database database = tenant("deadlock");
    server()
        .execute(
            "deadlock",
            "CREATE SCHEMA outside; CREATE TABLE outside.one (); CREATE TABLE outside.two ();"
                + " GRANT USAGE ON SCHEMA outside TO PUBLIC;"
                + " GRANT ALL ON outside.one, outside.two TO PUBLIC");
    Bundle bundle =
        bundleOf("V1__locks.sql", "LOCK TABLE outside.one; LOCK TABLE outside.two; SELECT 1;");
    Trial trial = with(TIMEOUT, Duration.ofSeconds(20), 3);
    CompletableFuture<Optional<TenantResult>> migration;
    try (Connection other = server().connect("deadlock");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      // Whoever looks first is the victim.
      statement.execute("SET deadlock_timeout = '60s'");
      statement.execute("LOCK TABLE outside.two");
      migration = trial.start(bundle, "1", database);
      Awaitility.await().until(() -> !waitingFor("deadlock").isEmpty());
      statement.execute("LOCK TABLE outside.one");

      assertThat(trial.awaitRetry().failed().sqlState()).isEqualTo("40P01");
    }
    assertThat(migration.join().orElseThrow().outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aSessionThatTheServerEndedIsTriedAgain() throws Exception {
    TenantSpec.Database database = tenant("terminated");
    server()
        .execute(
            "terminated",
            "CREATE SCHEMA outside AUTHORIZATION \"terminated-owner\"; CREATE SEQUENCE"
                + " outside.starts; ALTER SEQUENCE outside.starts OWNER TO \"terminated-owner\"");
    Bundle bundle =
        bundleOf(
            "V1__slow.sql",
            "SELECT pg_sleep(CASE nextval('outside.starts') WHEN 1 THEN 600 ELSE 0 END);");
    Trial trial = with(TIMEOUT, LOCK_TIMEOUT, 1);
    CompletableFuture<Optional<TenantResult>> migration = trial.start(bundle, "1", database);
    Awaitility.await().until(() -> !sleeping("terminated").isEmpty());

    server()
        .execute(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'terminated'");

    assertThat(trial.awaitRetry().failed().sqlState()).isEqualTo("57P01");
    TenantResult result = migration.join().orElseThrow();
    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(result.tries()).isEqualTo(2);
  }

  @Test
  @Provokes(TenantReason.TooManyConnections)
  void aConnectionSlotThatGetsFreeIsTaken() throws Exception {
    TenantSpec.Database database = tenant("crowded");
    server().execute("postgres", "ALTER ROLE \"crowded-owner\" CONNECTION LIMIT 0");
    TenantResult full = migrate(bundle(), "112", database);
    Trial trial = with(TIMEOUT, LOCK_TIMEOUT, 5);
    CompletableFuture<Optional<TenantResult>> migration = trial.start(bundle(), "112", database);
    Tries.Retry retry = trial.awaitRetry();

    server().execute("postgres", "ALTER ROLE \"crowded-owner\" CONNECTION LIMIT -1");

    assertThat(full.reason()).isEqualTo(TenantReason.TooManyConnections);
    assertThat(full.sqlState()).isEqualTo("53300");
    assertThat(retry.failed().reason()).isEqualTo(TenantReason.TooManyConnections);
    assertThat(migration.join().orElseThrow().outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aServerThatComesBackIsFoundWithoutAnyRetriesOfStatements() throws Exception {
    tenant("comesback");
    int port = freePort();
    Trial trial = with(TIMEOUT, LOCK_TIMEOUT, 0);
    CompletableFuture<Optional<TenantResult>> migration =
        trial.start(
            bundle(), "112", TestTenants.database("localhost", port, "comesback", "public", null));
    Tries.Retry retry = trial.awaitRetry();
    try (Forwarder back = Forwarder.to(server(), port)) {
      TenantResult result = migration.join().orElseThrow();

      assertThat(back.port()).isEqualTo(port);
      assertThat(retry.failed().reason()).isEqualTo(TenantReason.ConnectionRefused);
      assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    }
  }

  @Test
  @Provokes(TenantReason.ConnectionRefused)
  void aServerThatStaysAwayIsTriedUntilTheTenantTimeoutAndKeepsItsReason() throws Exception {
    tenant("away");

    TenantResult result =
        with(Duration.ofSeconds(5), LOCK_TIMEOUT, 0)
            .migrate(
                bundle(),
                "112",
                TestTenants.database("localhost", freePort(), "away", "public", null))
            .orElseThrow();

    assertThat(result.reason()).isEqualTo(TenantReason.ConnectionRefused);
    assertThat(result.tries()).isGreaterThan(2);
    assertThat(result.duration()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(8));
  }

  @Test
  void whatDoesNotPassByItselfIsTriedOnce() throws Exception {
    TenantSpec.Database database = tenant("permanent");
    Trial trial = with(TIMEOUT, LOCK_TIMEOUT, 5);

    TenantResult result =
        trial.migrate(bundleOf("V1__b.sql", "SELECT 1/0;"), "1", database).orElseThrow();

    assertThat(result.tries()).isEqualTo(1);
    assertThat(trial.retried).isEmpty();
  }

  @Test
  void aDrainEndsTheWaitForTheNextTryWithoutAnOutcome() throws Exception {
    tenant("drained");
    Trial trial = with(Duration.ofMinutes(5), LOCK_TIMEOUT, 0);
    CompletableFuture<Optional<TenantResult>> migration =
        trial.start(
            bundle(),
            "112",
            TestTenants.database("localhost", freePort(), "drained", "public", null));
    trial.awaitRetry();

    trial.stop.drain();

    assertThat(migration.get(10, TimeUnit.SECONDS)).isEmpty();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private List<String> waitingFor(String database) {
    return server()
        .query(
            "postgres",
            "SELECT pid::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = ?",
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
