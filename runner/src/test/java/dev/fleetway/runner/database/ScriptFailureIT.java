package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.Provokes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Scripts that fail, each for a reason of its own. */
class ScriptFailureIT extends OnEveryPostgres {
  @Test
  @Provokes(TenantReason.ConstraintViolation)
  void rowsThatViolateAConstraintFailTheTenantWithoutBeingQuoted() {
    TenantSpec.Database database = tenant("duplicates");
    migrate(bundle(), "109", database);
    server()
        .execute(
            "duplicates",
            "INSERT INTO customers (full_name, email) VALUES ('Ada', 'ada@example.test'), ('Eve',"
                + " 'ADA@example.test')");

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.outcome()).isEqualTo(Outcome.Failed);
    assertThat(result.reason()).isEqualTo(TenantReason.ConstraintViolation);
    assertThat(result.sqlState()).isEqualTo("23505");
    assertThat(result.failedVersion()).isEqualTo("110");
    assertThat(result.fromVersion()).isEqualTo("109");
    assertThat(result.state().orElseThrow().version()).isEqualTo("109");
    assertThat(result.message()).contains("customers_email_key").doesNotContain("example.test");

    server().execute("duplicates", "DELETE FROM customers WHERE full_name = 'Eve'");
    assertThat(migrate(bundle(), "112", database).outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  @Provokes(TenantReason.SchemaDrift)
  void anObjectThatExistsAlreadyIsSchemaDrift() {
    TenantSpec.Database database = tenant("drift");
    migrate(bundle(), "104", database);
    server().execute("drift", "ALTER TABLE orders ADD COLUMN currency text");

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.reason()).isEqualTo(TenantReason.SchemaDrift);
    assertThat(result.sqlState()).isEqualTo("42701");
    assertThat(result.failedVersion()).isEqualTo("105");
    assertThat(result.message()).contains("\"currency\"");
  }

  @Test
  @Provokes(TenantReason.LockTimeout)
  void aLockOfAnotherSessionIsALockTimeout() throws Exception {
    TenantSpec.Database database = tenant("locked");
    migrate(bundle(), "104", database);
    try (Connection other = server().connect("locked");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");

      TenantResult result = migrate(bundle(), "112", database);

      assertThat(result.reason()).isEqualTo(TenantReason.LockTimeout);
      assertThat(result.sqlState()).isEqualTo("55P03");
      assertThat(result.failedVersion()).isEqualTo("105");
    }
  }

  @Test
  void concurrentlyWaitsForAnOldSnapshotLongerThanTheLockTimeout() throws Exception {
    TenantSpec.Database database = tenant("snapshot");
    migrate(bundle(), "107", database);
    try (Connection other = server().connect("snapshot");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("INSERT INTO customers (full_name, email) VALUES ('Ada', 'a@x.test')");
      CompletableFuture<TenantResult> migration =
          CompletableFuture.supplyAsync(() -> migrate(bundle(), "108", database));

      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> waitedLongerThan(LOCK_TIMEOUT.multipliedBy(3)));
      other.commit();

      assertThat(migration.join().outcome()).isEqualTo(Outcome.Succeeded);
    }
  }

  @Test
  @Provokes(TenantReason.TenantTimeout)
  void theTenantTimeoutCancelsTheBackend() throws Exception {
    TenantSpec.Database database = tenant("slow");
    Bundle bundle = bundleOf("V1__slow.sql", "SELECT pg_sleep(60);");

    TenantResult result = migrate(bundle, "1", database, Duration.ofMillis(900));

    assertThat(result.outcome()).isEqualTo(Outcome.Failed);
    assertThat(result.reason()).isEqualTo(TenantReason.TenantTimeout);
    assertThat(result.failedVersion()).isEqualTo("1");
    assertThat(result.duration()).isLessThan(Duration.ofSeconds(6));
    assertThat(
            server()
                .query(
                    "postgres",
                    "SELECT query FROM pg_stat_activity WHERE query LIKE"
                        + " 'SELECT pg_sleep%' AND state = 'active'"))
        .isEmpty();
  }

  @Test
  void anotherPodsLockIsWaitedForUntilTheTenantTimeout() throws Exception {
    TenantSpec.Database database = tenant("twopods");
    // Flyway's key for this schema's history table.
    long key = 77431708279161L + "\"public\".\"flyway_schema_history\"".hashCode();
    try (Connection other = server().connect("twopods");
        Statement statement = other.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + key + ")");

      TenantResult result = migrate(bundle(), "112", database, Duration.ofSeconds(2));

      assertThat(result.reason()).isEqualTo(TenantReason.TenantTimeout);
      assertThat(result.duration()).isLessThan(Duration.ofSeconds(12));
    }
    assertThat(migrate(bundle(), "112", database).outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aFailedScriptLeavesNothingBehindAndEarlierOnesStay() throws IOException {
    TenantSpec.Database database = tenant("half");
    Bundle bundle =
        bundleOf(
            "V1__a.sql",
            "CREATE TABLE kept (a int);",
            "V2__b.sql",
            "CREATE TABLE rolled_back (a int); SELECT 1/0;");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.failedVersion()).isEqualTo("2");
    assertThat(result.state()).contains(new TenantResult.SchemaState("1", null, true));
    assertThat(result.migrations()).singleElement().matches(m -> m.version().equals("1"));
    assertThat(
            server()
                .query(
                    "half",
                    "SELECT tablename FROM pg_tables WHERE tablename IN ('kept', 'rolled_back')"))
        .containsExactly("kept");
  }

  @Test
  @Provokes(TenantReason.SqlError)
  void aBrokenStatementIsAnSqlErrorWithoutItsLiterals() throws IOException {
    TenantSpec.Database database = tenant("broken");

    TenantResult result =
        migrate(bundleOf("V1__cast.sql", "SELECT 'top secret'::integer;"), "1", database);

    assertThat(result.reason()).isEqualTo(TenantReason.SqlError);
    assertThat(result.sqlState()).isEqualTo("22P02");
    assertThat(result.message()).startsWith("invalid input syntax").doesNotContain("secret");
  }

  @Test
  void wordsOfAnExceptionRaisedByTheTenantsCodeAreLeftOut() throws IOException {
    TenantSpec.Database database = tenant("raise");
    Bundle bundle =
        bundleOf(
            "V1__raise.sql",
            "DO $$ BEGIN RAISE EXCEPTION 'customer ada has debts' USING ERRCODE = '23514'; END $$;");

    TenantResult result = migrate(bundle, "1", database);

    assertThat(result.reason()).isEqualTo(TenantReason.ConstraintViolation);
    assertThat(result.message()).doesNotContain("ada");
  }

  @Test
  @Provokes(TenantReason.InsufficientPrivilege)
  void aUserWhoMayNotCreateIsToldSoAtOnce() {
    TenantSpec.Database database = tenant("poor");
    server().execute("poor", "ALTER DATABASE poor OWNER TO postgres");

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.reason()).isEqualTo(TenantReason.InsufficientPrivilege);
    assertThat(result.sqlState()).isEqualTo("42501");
    assertThat(result.duration()).isLessThan(Duration.ofSeconds(5));
  }

  private boolean waitedLongerThan(Duration duration) {
    return !server()
        .query(
            "postgres",
            "SELECT pid::text FROM pg_stat_activity WHERE datname = 'snapshot' AND query LIKE"
                + " '%CONCURRENTLY%' AND wait_event_type = 'Lock' AND clock_timestamp() -"
                + " query_start > ?::interval",
            duration.toMillis() + " milliseconds")
        .isEmpty();
  }
}
