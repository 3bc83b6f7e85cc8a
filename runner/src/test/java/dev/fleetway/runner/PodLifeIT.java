package dev.fleetway.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.RunnerPod;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How pods share a cohort, end early and follow one another. */
class PodLifeIT {
  private static final String PASSWORD = "correct-horse";
  private static final int EXIT_OUT_OF_MEMORY = 3;

  private static TestPostgres server;

  @TempDir private Path directory;

  private final RecordingTenantApi api = new RecordingTenantApi();
  private final List<Assignment.Member> members = new ArrayList<>();
  private RunnerPod pod;

  @BeforeAll
  static void startPostgres() {
    server = TestPostgres.shared(TestPostgres.Version.NEWEST);
  }

  @BeforeEach
  void createPod() throws IOException {
    pod = new RunnerPod(directory, api);
  }

  @AfterEach
  void closePod() {
    pod.close();
  }

  @Test
  void eachPodOfACohortMigratesItsOwnShard() throws Exception {
    pod.script("V1__one.sql", "CREATE TABLE one (id int);");
    tenant("shardzero", 0);
    tenant("shardone", 1);
    assign(2, 2);

    pod.environment(PodContract.ENV_SHARD, "1");
    assertThat(pod.run().waitFor()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(pod.message().summary().succeeded()).isEqualTo(1);
    assertThat(pod.message().summary().notStarted()).isZero();
    assertThat(api.lastRun("shardone").outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.get("shardzero").getStatus()).isNull();

    pod.environment(PodContract.ENV_SHARD, "0");
    assertThat(pod.run().waitFor()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(api.lastRun("shardzero").outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.patches()).hasSize(2);
  }

  @Test
  void aShardWithoutTenantsIsDoneAndOneThatIsNoIndexIsPermanent() throws Exception {
    pod.script("V1__one.sql", "CREATE TABLE one (id int);");
    tenant("untouched", 0);
    assign(2, 2);

    pod.environment(PodContract.ENV_SHARD, "7");
    assertThat(pod.run().waitFor()).isEqualTo(PodContract.EXIT_DONE);

    pod.environment(PodContract.ENV_SHARD, "first");
    assertThat(pod.run().waitFor()).isEqualTo(PodContract.EXIT_PERMANENT);
    assertThat(pod.message().error().message()).contains("JOB_COMPLETION_INDEX");
    assertThat(api.patches()).isEmpty();
  }

  @Test
  void sigtermEndsAPodWhoseWorkersWaitForAServer() throws Exception {
    pod.script("V1__slow.sql", "CREATE TABLE slow (id int); SELECT pg_sleep(3);");
    for (String name : List.of("drainone", "draintwo", "drainthree")) {
      tenant(name, 0);
    }
    assign(3, 1);
    Process process = pod.run();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sleeping("drain").size() == 1);

    process.destroy();

    assertThat(process.waitFor()).isEqualTo(PodContract.EXIT_INTERRUPTED);
    assertThat(api.lastRun("drainone").outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.patches()).hasSize(1);
    assertThat(pod.message().summary().notStarted()).isEqualTo(2);
    assertThat(pod.message().summary().inFlight()).isEmpty();

    // The replacement pod of an evicted one.
    assign(3, 3);
    assertThat(pod.run().waitFor()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(api.patches()).hasSize(3);
    assertThat(pod.message().summary().succeeded()).isEqualTo(3);
  }

  @Test
  void anIndexThatAKilledPodFinishedIsSaidWithWhatToRun() throws Exception {
    pod.script("V1__t.sql", "CREATE TABLE t (a int);");
    tenant("finished", 0);
    assign("1", 1);
    assertThat(pod.run().waitFor()).isEqualTo(PodContract.EXIT_DONE);
    pod.script("V2__i.sql", "CREATE INDEX CONCURRENTLY t_a ON t (a);");
    assign("2", 2);

    // Between the index and its history row: the row cannot be written yet.
    try (Connection lock = server.connect("finished");
        Statement statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("LOCK TABLE flyway_schema_history IN SHARE MODE");
      Process killed = pod.run();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  !server
                      .query(
                          "finished",
                          "SELECT 1 FROM pg_index JOIN pg_locks ON NOT granted WHERE indisvalid"
                              + " AND indexrelid = to_regclass('t_a')"
                              + " AND relation = 'flyway_schema_history'::regclass")
                      .isEmpty());
      killed.destroyForcibly();
      assertThat(killed.waitFor()).isEqualTo(128 + 9);
      server.execute(
          "finished",
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
              + " WHERE datname = 'finished' AND application_name ~ '^fleetway'");
      lock.rollback();
    }

    assertThat(pod.run().waitFor()).isEqualTo(PodContract.EXIT_DONE);

    LastRun last = api.lastRun("finished");
    assertThat(last.reason()).isEqualTo(TenantReason.SchemaDrift);
    assertThat(last.failedVersion()).isEqualTo("2");
    assertThat(last.message()).contains("a pod ended between the two");
    server.execute("finished", last.message().substring(last.message().indexOf("DROP INDEX")));
    assign("2", 3);
    assertThat(pod.run().waitFor()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(api.lastRun("finished").outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aPodWithoutMemoryEndsAtOnceAndTheNextOneCarriesOn() throws Exception {
    // One message as large as this is what the driver reads before anybody is asked.
    pod.script(
        "V1__flood.sql",
        "SET client_min_messages = notice;"
            + " CREATE TABLE flooded (id int);"
            + " DO $$ BEGIN IF nextval('outside.starts') = 1 THEN"
            + " RAISE WARNING '%', repeat('x', 100000000); END IF; END $$;");
    tenant("quiet", 0);
    tenant("flooding", 0);
    for (String name : List.of("quiet", "flooding")) {
      // A sequence remembers the first start, whose transaction never commits.
      server.execute(
          name,
          "CREATE SCHEMA outside; CREATE SEQUENCE outside.starts START "
              + (name.equals("quiet") ? 2 : 1)
              + "; GRANT USAGE ON SCHEMA outside TO "
              + name
              + "; GRANT USAGE ON SEQUENCE outside.starts TO "
              + name);
    }
    assign(1, 1);

    Process process = pod.run("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");

    assertThat(process.waitFor()).isEqualTo(EXIT_OUT_OF_MEMORY);
    assertThat(api.lastRun("quiet").outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.get("flooding").getStatus()).isNull();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> backends("flooding").isEmpty());

    assertThat(pod.run("-Xmx64m", "-XX:+ExitOnOutOfMemoryError").waitFor())
        .isEqualTo(PodContract.EXIT_DONE);
    assertThat(api.lastRun("flooding").outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.patches()).hasSize(2);
  }

  @Test
  void aTenantWhoseScriptReturnsOrReportsTooMuchTakesNothingFromTheOthers() throws Exception {
    pod.script(
        "V1__large.sql",
        "CREATE TABLE large AS SELECT repeat('x', 1000) AS a"
            + " FROM generate_series(1, CASE current_database() WHEN 'large' THEN 200000 END);"
            + " DO $$ BEGIN IF current_database() IN ('noisy', 'loud') THEN"
            + " IF current_database() = 'loud' THEN SET client_min_messages = debug; END IF;"
            + " FOR i IN 1 .. 200000 LOOP"
            + " RAISE WARNING 'row % of %', i, repeat('x', 1000); END LOOP; END IF; END $$;"
            + " SELECT a FROM large;");
    for (String name : List.of("large", "noisy", "loud", "small")) {
      tenant(name, 0);
    }
    assign(4, 4);

    assertThat(pod.run("-Xmx64m", "-XX:+ExitOnOutOfMemoryError").waitFor())
        .isEqualTo(PodContract.EXIT_DONE);

    assertThat(api.lastRun("noisy").outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.lastRun("loud").outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.lastRun("small").outcome()).isEqualTo(Outcome.Succeeded);
    LastRun large = api.lastRun("large");
    assertThat(large.reason()).isEqualTo(TenantReason.SqlError);
    assertThat(large.failedVersion()).isEqualTo("1");
    assertThat(large.tries()).isEqualTo(1);
    assertThat(large.message()).contains("returned more than the pod has room for");
  }

  private void tenant(String name, int shard) {
    server.createDatabase(name, name, PASSWORD);
    TestTenants.writeLogin(pod.credentials(), TestTenants.secret(name), name, PASSWORD);
    Tenant tenant = TestTenants.tenant(name, TestTenants.database(server, name));
    api.put(tenant);
    members.add(
        new Assignment.Member(name, TestTenants.uid(name), shard, tenant.getSpec().database()));
  }

  private void assign(int concurrency, int perServer) throws IOException {
    assign("1", 1, concurrency, perServer);
  }

  private void assign(String head, int attempt) throws IOException {
    assign(head, attempt, 1, 1);
  }

  private void assign(String head, int attempt, int concurrency, int perServer) throws IOException {
    pod.assign(
        new Assignment(
            "shop",
            "v112",
            "run-uid",
            attempt,
            1,
            Mode.Apply,
            Assignment.Migrations.upTo(BundleReader.read(pod.bundle()).digest(), head),
            new Assignment.Limits(concurrency, perServer, 60_000, 1_000, 0, members.size() + 1),
            members,
            List.of()));
  }

  private static List<String> sleeping(String prefix) {
    return server.query(
        "postgres",
        "SELECT datname FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname LIKE ?",
        prefix + "%");
  }

  private static List<String> backends(String database) {
    return server.query(
        "postgres", "SELECT pid::text FROM pg_stat_activity WHERE datname = ?", database);
  }
}
