package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What Flyway no longer asks between two scripts holds all the same. */
class TenantStatementsIT extends OnEveryPostgres {
  @Test
  void whatAScriptDoesToItsSessionReachesNeitherItsHistoryRowNorTheNextScript() throws IOException {
    TenantSpec.Database database = tenant("unruly");
    server().execute("unruly", "DROP ROLE IF EXISTS guest; CREATE ROLE guest");
    server().execute("unruly", "GRANT guest TO \"unruly-owner\"");
    Bundle bundle =
        bundleOf(
            "V1__unruly.sql",
            "SET search_path = pg_catalog; SET lock_timeout = 0; SET ROLE guest;",
            "V2__next.sql",
            "CREATE TABLE next AS SELECT current_user::text AS who,"
                + " current_setting('search_path') AS path, current_setting('lock_timeout') AS wait;");

    assertThat(migrate(bundle, "2", database).outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(server().query("unruly", "SELECT who || ' ' || path || ' ' || wait FROM next"))
        .containsExactly("unruly-owner \"public\" " + LOCK_TIMEOUT.toMillis() + "ms");
    assertThat(
            server()
                .query(
                    "unruly",
                    "SELECT installed_rank || ' ' || installed_by FROM flyway_schema_history"
                        + " ORDER BY installed_rank"))
        .containsExactly("1 unruly-owner", "2 unruly-owner");
  }

  @Test
  void flywaysLockIsHeldOnceByEveryScriptAndGivenBack() throws IOException {
    TenantSpec.Database database = tenant("held");
    String locks =
        "SELECT count(*) AS held FROM pg_locks WHERE locktype = 'advisory' AND granted"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = 'held')";
    Bundle bundle =
        bundleOf(
            "V1__a.sql", "CREATE TABLE a AS " + locks + ";",
            "V2__b.sql", "CREATE TABLE b AS " + locks + ";");

    migrate(bundle, "2", database);

    assertThat(server().query("held", "SELECT held FROM a UNION ALL SELECT held FROM b"))
        .containsExactly("1", "1");
    assertThat(server().query("held", locks)).containsExactly("0");
  }

  @Test
  void aConstraintThatFailsAtCommitLeavesNeitherScriptNorRow() throws IOException {
    TenantSpec.Database database = tenant("deferred");
    Bundle bundle =
        bundleOf(
            "V1__a.sql",
            "CREATE TABLE a (id int PRIMARY KEY);"
                + " CREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);",
            "V2__b.sql",
            "INSERT INTO b VALUES (1);");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.reason()).isEqualTo(TenantReason.ConstraintViolation);
    assertThat(result.failedVersion()).isEqualTo("2");
    assertThat(result.state().orElseThrow().version()).isEqualTo("1");
    assertThat(server().query("deferred", "SELECT count(*) FROM b")).containsExactly("0");
    assertThat(server().query("deferred", "SELECT version FROM flyway_schema_history"))
        .containsExactly("1");
  }

  @Test
  void whatAnotherRunnerAppliedWhileThisOneWaitedForTheLockIsNotAppliedAgain() throws Exception {
    TenantSpec.Database database = tenant("overtaken");
    Bundle bundle =
        bundleOf("V1__a.sql", "CREATE TABLE a (a int);", "V2__b.sql", "CREATE TABLE b (a int);");
    migrate(bundle, "1", database);
    long key = 77431708279161L + "\"public\".\"flyway_schema_history\"".hashCode();
    CompletableFuture<TenantResult> migration;
    try (Connection other = server().connect("overtaken");
        Statement statement = other.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + key + ")");
      migration = CompletableFuture.supplyAsync(() -> migrate(bundle, "2", database));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  !server()
                      .query(
                          "postgres",
                          "SELECT pid::text FROM pg_stat_activity WHERE datname = 'overtaken'"
                              + " AND application_name LIKE 'fleetway %' AND state = 'idle'"
                              + " AND query LIKE 'SELECT%' AND query NOT LIKE '%installed_rank%'")
                      .isEmpty());
      statement.execute("CREATE TABLE b (a int)");
      statement.execute(
          "INSERT INTO flyway_schema_history SELECT 2, '2', 'b', type, 'V2__b.sql', "
              + bundle.scripts().get(1).checksum()
              + ", 'other', now(), 1, true FROM flyway_schema_history");
    }

    assertThat(migration.get().outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(server().query("overtaken", "SELECT installed_by FROM flyway_schema_history"))
        .containsExactly("overtaken-owner", "other");
  }
}
