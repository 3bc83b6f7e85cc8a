package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.database.history.FlywayLock;
import dev.fleetway.runner.testing.Provokes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Who is in the way, as the outcome tells it. */
class BlockersIT extends OnEveryPostgres {
  @Test
  @Provokes(TenantReason.LockTimeout)
  void aLockTimeoutNamesWhoHoldsTheLockWithoutTheLiteralsOfTheQuery() throws Exception {
    TenantSpec.Database database = tenant("blocked");
    migrate(bundle(), "104", database);
    server().execute("blocked", "GRANT pg_read_all_stats TO \"blocked-owner\"");
    try (Connection other = server().connect("blocked");
        Statement statement = other.createStatement()) {
      int pid = hold(other, statement);

      TenantResult result = migrate(bundle(), "112", database);

      assertThat(result.reason()).isEqualTo(TenantReason.LockTimeout);
      assertThat(result.message())
          .startsWith("canceling statement due to lock timeout; blocked by pid " + pid)
          .contains("user postgres", "application billing", "idle in transaction")
          .containsPattern("transaction of \\d+ s, query of \\d+ s: ")
          .contains("UPDATE orders SET customer_id = ? WHERE state <> ? AND id > ?")
          .doesNotContain("ada@row.test", "4242");
    }
  }

  @Test
  void aUserWithoutTheRightToSeeOthersQueriesNamesWhatIsVisible() throws Exception {
    TenantSpec.Database database = tenant("unseeing");
    migrate(bundle(), "104", database);
    try (Connection other = server().connect("unseeing");
        Statement statement = other.createStatement()) {
      int pid = hold(other, statement);

      TenantResult result = migrate(bundle(), "112", database);

      assertThat(result.message())
          .contains("blocked by pid " + pid + ", user postgres, application billing")
          .contains("pg_read_all_stats")
          .doesNotContain("UPDATE", "ada@row.test");
    }
  }

  @Test
  @Provokes(TenantReason.TenantTimeout)
  void concurrentlyThatWaitsForAnOldSnapshotUntilTheTenantTimeoutNamesItsHolder() throws Exception {
    TenantSpec.Database database = tenant("oldsnapshot");
    migrate(bundle(), "107", database);
    server().execute("oldsnapshot", "GRANT pg_read_all_stats TO \"oldsnapshot-owner\"");
    try (Connection other = server().connect("oldsnapshot");
        Statement statement = other.createStatement()) {
      statement.execute("SET application_name = 'reporting'");
      other.setAutoCommit(false);
      other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("SELECT count(*) FROM customers WHERE email = 'ada@row.test'");
      int pid = other.unwrap(PGConnection.class).getBackendPID();

      TenantResult result = migrate(bundle(), "108", database, Duration.ofSeconds(4));

      assertThat(result.reason()).isEqualTo(TenantReason.TenantTimeout);
      assertThat(result.failedVersion()).isEqualTo("108");
      assertThat(result.message())
          .contains("blocked by pid " + pid, "application reporting", "idle in transaction")
          .contains("SELECT count(*) FROM customers WHERE email = ?")
          .doesNotContain("ada@row.test", "proven");
      Awaitility.await().until(() -> backends("oldsnapshot") == 1);
    }
    TenantResult again = migrate(bundle(), "108", database);
    assertThat(again.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(again.fromVersion()).isEqualTo("107");
  }

  @Test
  void anotherRunnersLockIsNamedToo() throws Exception {
    TenantSpec.Database database = tenant("otherrunner");
    try (Connection other = server().connect("otherrunner");
        Statement statement = other.createStatement()) {
      statement.execute("SET application_name = 'fleetway v111'");
      statement.execute("SELECT pg_advisory_lock(" + FlywayLock.key("public") + ")");
      int pid = other.unwrap(PGConnection.class).getBackendPID();

      TenantResult result = migrate(bundle(), "112", database, Duration.ofSeconds(2));

      assertThat(result.reason()).isEqualTo(TenantReason.TenantTimeout);
      assertThat(result.message()).contains("blocked by pid " + pid, "application fleetway v111");
    }
  }

  @Test
  void aTenantThatIsSlowButNotBlockedBlamesNobody() throws IOException {
    TenantSpec.Database database = tenant("justslow");
    Bundle bundle = bundleOf("V1__slow.sql", "SELECT pg_sleep(60);");

    TenantResult result = migrate(bundle, "1", database, Duration.ofSeconds(2));

    assertThat(result.message()).isEqualTo("stopped after 2000 ms, its session was cancelled");
  }

  private static int hold(Connection other, Statement statement) throws Exception {
    statement.execute("SET application_name = 'billing'");
    other.setAutoCommit(false);
    statement.execute("LOCK TABLE orders");
    statement.execute(
        "UPDATE orders SET customer_id = 4242 /* ada@row.test */ WHERE state <> 'ada@row.test' AND id >"
            + " 4242");
    return other.unwrap(PGConnection.class).getBackendPID();
  }

  private int backends(String database) {
    return Integer.parseInt(
        server()
            .query(
                "postgres",
                "SELECT count(*)::text FROM pg_stat_activity WHERE datname = ?",
                database)
            .get(0));
  }
}
