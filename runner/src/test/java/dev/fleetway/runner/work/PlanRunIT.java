package dev.fleetway.runner.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.database.TenantMigration;
import dev.fleetway.runner.database.TenantSurvey;
import dev.fleetway.runner.database.TenantWork;
import dev.fleetway.runner.testing.DatabaseImage;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.SampleBundle;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A plan over a fleet of every kind of tenant, on a server that nobody else uses. */
@ParameterizedClass
@EnumSource(TestPostgres.Version.class)
class PlanRunIT {
  private static final String PASSWORD = "correct-horse";
  private static final List<String> SCHEMAS =
      List.of("one_head", "two_behind", "three_empty", "four_drifted", "five_occupied");

  @Parameter private TestPostgres.Version version;

  @TempDir private Path credentials;
  @TempDir private Path sample;

  private final RecordingTenantApi api = new RecordingTenantApi();
  private final List<Assignment.Member> members = new ArrayList<>();
  private ScheduledExecutorService timer;
  private TestPostgres server;
  private Bundle bundle;

  @BeforeEach
  void start() throws IOException {
    // Autovacuum assigns transaction ids of its own.
    server = TestPostgres.start(version, Map.of("autovacuum", "off"));
    bundle = BundleReader.read(SampleBundle.copyTo(sample));
    timer = Executors.newScheduledThreadPool(1);
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
    server.close();
  }

  @Test
  void writesNothingAnywhere() throws Exception {
    fleet();
    Map<String, Map<String, String>> before = images();
    Map<String, String> dumps = dumps();
    int applied = api.patches().size();
    String transaction = DatabaseImage.nextTransaction(server);

    int exitCode = plan();

    assertThat(exitCode).isEqualTo(PodContract.EXIT_DONE);
    assertThat(DatabaseImage.nextTransaction(server)).isEqualTo(transaction);
    assertThat(images()).isEqualTo(before);
    assertThat(dumps()).isEqualTo(dumps);
    assertThat(members)
        .allSatisfy(
            member -> assertThat(api.get(member.name()).getStatus().lastPlan()).isNotNull());
    assertThat(lastPlan("one-head").problems()).isEmpty();
    assertThat(lastPlan("two-behind").pendingVersions()).containsExactly("110", "111", "112");
    assertThat(lastPlan("three-empty").pending()).isEqualTo(12);
    assertThat(reasons("four-drifted"))
        .containsExactly(TenantReason.FailedMigrationEntry, TenantReason.ChecksumMismatch);
    assertThat(reasons("five-occupied")).containsExactly(TenantReason.HistoryMissing);
    assertThat(reasons("own-empty")).isEmpty();
    assertThat(reasons("own-reader")).isEmpty();
    assertThat(reasons("own-wrong")).containsExactly(TenantReason.AuthenticationFailed);
    assertThat(api.patches().subList(applied, api.patches().size()))
        .hasSize(members.size())
        .allSatisfy(patch -> assertThat(patch).doesNotContain("lastRun", "conditions"));
  }

  @Test
  void theInstrumentsOfTheProofSeeAWrite() throws Exception {
    fleet();
    Map<String, Map<String, String>> before = images();
    String transaction = DatabaseImage.nextTransaction(server);

    server.execute("shared", "UPDATE one_head.flyway_schema_history SET execution_time = 7");

    assertThat(images()).isNotEqualTo(before);
    assertThat(DatabaseImage.nextTransaction(server)).isNotEqualTo(transaction);
  }

  @Test
  void aPodThatIsStartedAgainTakesOverWhatIsThere() throws Exception {
    fleet();
    int applied = api.patches().size();
    int first = plan();
    List<String> patches = api.patches();

    int second = plan();

    assertThat(List.of(first, second)).containsOnly(PodContract.EXIT_DONE);
    assertThat(patches).hasSize(applied + members.size());
    assertThat(api.patches()).isEqualTo(patches);
  }

  /** Schemas of one database, and databases of their own. */
  private void fleet() throws InterruptedException {
    server.createDatabase("shared", "shared-owner", PASSWORD);
    for (String schema : SCHEMAS) {
      server.execute("shared", "CREATE SCHEMA %s AUTHORIZATION \"shared-owner\"".formatted(schema));
    }
    TestTenants.writeLogin(credentials, "shared-db", "shared-owner", PASSWORD);
    add("one-head", inShared("one_head"));
    add("four-drifted", inShared("four_drifted"));
    apply("112");
    add("two-behind", inShared("two_behind"));
    add("own-reader", own("reader"));
    apply("109");
    server.execute(
        "shared",
        "UPDATE four_drifted.flyway_schema_history SET checksum = 1 WHERE version = '101';"
            + " UPDATE four_drifted.flyway_schema_history SET success = false WHERE version = '112';"
            + " CREATE TABLE five_occupied.things AS SELECT generate_series(1, 100) AS thing");
    add("three-empty", inShared("three_empty"));
    add("five-occupied", inShared("five_occupied"));
    add("own-empty", own("empty"));
    add("own-wrong", own("wrong"));
    TestTenants.writeLogin(credentials, "wrong-db", "wrong", "stolen-horse");
    server.execute("reader", "CREATE ROLE selects LOGIN PASSWORD 'selects'");
    server.execute(
        "reader",
        "GRANT USAGE ON SCHEMA public TO selects; GRANT SELECT ON flyway_schema_history TO selects");
    TestTenants.writeLogin(credentials, "reader-db", "selects", "selects");
    members.forEach(member -> api.put(TestTenants.tenant(member.name(), member.database())));
  }

  private TenantSpec.Database inShared(String schema) {
    return TestTenants.database(server.host(), server.port(), "shared", schema, null);
  }

  private TenantSpec.Database own(String database) {
    server.createDatabase(database, database, PASSWORD);
    TestTenants.writeLogin(credentials, TestTenants.secret(database), database, PASSWORD);
    return TestTenants.database(server, database);
  }

  private void add(String name, TenantSpec.Database database) {
    Tenant tenant = TestTenants.tenant(name, database);
    api.put(tenant);
    members.add(TestTenants.member(tenant));
  }

  private void apply(String head) throws InterruptedException {
    Assignment assignment = TestTenants.assignment(bundle.digest(), head, members);
    assertThat(
            run(
                assignment,
                new TenantMigration(
                    assignment,
                    bundle,
                    bundle.head(Optional.of(head)),
                    credentials,
                    Clock.systemUTC(),
                    System::nanoTime)))
        .isEqualTo(PodContract.EXIT_DONE);
    members.forEach(
        member ->
            assertThat(api.lastRun(member.name()).outcome().isSuccess())
                .as(member.name())
                .isTrue());
  }

  /** A threshold of one must stop nobody. */
  private int plan() throws InterruptedException {
    Assignment assignment =
        TestTenants.inModePlan(
            TestTenants.assignment(bundle.digest(), "112", 3, 20_000, 1_000, 1, members));
    return run(
        assignment,
        new TenantSurvey(
            assignment,
            bundle,
            bundle.head(Optional.of("112")),
            credentials,
            Clock.systemUTC(),
            System::nanoTime));
  }

  private int run(Assignment assignment, TenantWork work) throws InterruptedException {
    return new CohortRun(assignment, api, work, timer, Clock.systemUTC(), Duration.ofSeconds(5))
        .execute();
  }

  private Map<String, Map<String, String>> images() {
    Map<String, Map<String, String>> images = new TreeMap<>();
    for (String database : databases()) {
      images.put(database, DatabaseImage.of(server, database));
    }
    return images;
  }

  private Map<String, String> dumps() {
    Map<String, String> dumps = new TreeMap<>();
    if (DatabaseImage.canDump(server)) {
      databases().forEach(name -> dumps.put(name, DatabaseImage.dump(server, name)));
    }
    return dumps;
  }

  private static List<String> databases() {
    return List.of("shared", "reader", "empty", "wrong");
  }

  private LastPlan lastPlan(String tenant) {
    return api.get(tenant).getStatus().lastPlan();
  }

  private List<TenantReason> reasons(String tenant) {
    return lastPlan(tenant).problems().stream().map(Problem::reason).toList();
  }
}
