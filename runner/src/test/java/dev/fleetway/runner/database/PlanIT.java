package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.database.session.StopSwitch;
import dev.fleetway.runner.testing.Forwarder;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a plan says of tenants of every kind, each of them a real one. */
class PlanIT extends OnEveryPostgres {
  private static final ScheduledExecutorService TIMER =
      Executors.newScheduledThreadPool(
          1,
          task -> {
            Thread thread = new Thread(task, "stop-switch");
            thread.setDaemon(true);
            return thread;
          });

  @Test
  void anEmptyTenantHasEverythingPendingAndCostsNoTime() {
    TenantPlan plan = plan(tenant("empty"));

    assertThat(plan.currentVersion()).isEmpty();
    assertThat(plan.pending().orElseThrow()).startsWith("101").endsWith("112").hasSize(12);
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(plan.duration()).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void aTenantAtHeadHasNothingPending() {
    TenantSpec.Database database = tenant("head");
    migrateTo("112", database);

    TenantPlan plan = plan(database);

    assertThat(plan.currentVersion()).contains("112");
    assertThat(plan.pending().orElseThrow()).isEmpty();
    assertThat(plan.outcome()).isEqualTo(Outcome.AlreadyCurrent);
  }

  @Test
  void aTenantAheadOfTheTargetIsNoProblem() {
    TenantSpec.Database database = tenant("ahead");
    migrateTo("112", database);

    TenantPlan plan = plan(migrations("109"), database);

    assertThat(plan.currentVersion()).contains("112");
    assertThat(plan.problems()).isEmpty();
  }

  @Test
  void allProblemsOfATenantAreNamedAtOnce() {
    TenantSpec.Database database = tenant("broken");
    migrateTo("109", database);
    server()
        .execute(
            "broken",
            "UPDATE flyway_schema_history SET checksum = 42 WHERE version = '103';"
                + " DELETE FROM flyway_schema_history WHERE version = '105';"
                + " UPDATE flyway_schema_history SET success = false WHERE version = '109';"
                + " INSERT INTO flyway_schema_history VALUES"
                + " (50, '104.5', 'gone', 'SQL', 'V104.5__gone.sql', 1, 'x', now(), 1, true)");

    TenantPlan plan = plan(database);

    assertThat(plan.outcome()).isEqualTo(Outcome.Failed);
    assertThat(plan.problems())
        .extracting(Problem::reason, Problem::version)
        .containsExactlyInAnyOrder(
            tuple(TenantReason.FailedMigrationEntry, "109"),
            tuple(TenantReason.ChecksumMismatch, "103"),
            tuple(TenantReason.MissingScript, "104.5"),
            tuple(TenantReason.OutOfOrder, "105"));
    int released =
        bundle().scripts().stream()
            .filter(script -> script.version().getVersion().equals("103"))
            .findFirst()
            .orElseThrow()
            .checksum();
    assertThat(messages(plan)).contains("checksum 42", "has " + released);
  }

  @Test
  void whatTheRunAcceptsIsNoProblem() {
    TenantSpec.Database database = tenant("accepted");
    migrateTo("109", database);
    server()
        .execute(
            "accepted",
            "UPDATE flyway_schema_history SET checksum = 42 WHERE version IN ('103', '104');"
                + " DELETE FROM flyway_schema_history WHERE version = '105'");

    TenantPlan plan =
        plan(
            new Assignment.Migrations(
                bundle().digest(), "112", null, null, true, List.of("103"), null),
            database);

    assertThat(plan.problems())
        .extracting(Problem::reason, Problem::version)
        .containsExactly(tuple(TenantReason.ChecksumMismatch, "104"));
    assertThat(plan.pending().orElseThrow()).containsExactly("105", "110", "111", "112");
  }

  @Test
  void aPendingScriptThatNeedsNewerCodeIsAProblem() {
    TenantSpec.Database database = tenant("oldcode");

    TenantPlan refused = plan(withCode("2.13.9"), database);
    TenantPlan accepted = plan(withCode("2.14.0"), database);

    assertThat(refused.problems())
        .extracting(Problem::reason, Problem::version)
        .containsExactly(tuple(TenantReason.IncompatibleCodeVersion, "111"));
    assertThat(messages(refused)).contains("2.14.0", "2.13.9");
    assertThat(accepted.problems()).isEmpty();
  }

  private Assignment.Migrations withCode(String version) {
    return new Assignment.Migrations(
        bundle().digest(), "112", null, null, false, List.of(), version);
  }

  @Test
  void anOccupiedSchemaWithoutHistoryIsAProblemUnlessItIsAdopted() {
    TenantSpec.Database database = tenant("occupied");
    server().execute("occupied", "CREATE TABLE old (a int)");

    TenantPlan refused = plan(database);
    TenantPlan adopted = plan(migrations("112", "109"), database);

    assertThat(reasons(refused)).containsExactly(TenantReason.HistoryMissing);
    assertThat(refused.pending()).isEmpty();
    assertThat(adopted.problems()).isEmpty();
    assertThat(adopted.currentVersion()).isEmpty();
    assertThat(adopted.pending().orElseThrow()).containsExactly("110", "111", "112");
  }

  @Test
  void aMissingSchemaIsAProblem() {
    TenantSpec.Database database = tenant("noschema");

    assertThat(reasons(plan(inSchema(database, "elsewhere", null))))
        .containsExactly(TenantReason.SchemaMissing);
  }

  @Test
  void aLoginThatMayOnlySelectWillDo() {
    migrateTo("109", tenant("selects"));
    grantReading("selects");

    TenantPlan plan = plan(TestTenants.database(server(), "selects"));

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.currentVersion()).contains("109");
    assertThat(plan.pending().orElseThrow()).containsExactly("110", "111", "112");
  }

  @Test
  void aLoginThatMayNotReadTheHistoryIsToldWhatToGrant() {
    migrateTo("109", tenant("blind"));
    login("blind");

    TenantPlan plan = plan(TestTenants.database(server(), "blind"));

    assertThat(reasons(plan)).containsExactly(TenantReason.InsufficientPrivilege);
    assertThat(messages(plan)).contains("USAGE", "SELECT", "flyway_schema_history");
    assertThat(plan.currentVersion()).isEmpty();
    assertThat(plan.pending()).isEmpty();
  }

  @Test
  void theRoleOfTheTenantReadsWhereTheLoginMayNot() {
    migrateTo("109", tenant("member"));
    login("member");
    server()
        .execute(
            "postgres",
            "ALTER ROLE \"member-reader\" NOINHERIT; GRANT \"member-owner\" TO \"member-reader\"");

    TenantPlan plan =
        plan(inSchema(TestTenants.database(server(), "member"), "public", "member-owner"));

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.currentVersion()).contains("109");
  }

  @Test
  void aRoleThatDoesNotExistIsNamedBesideTheRest() {
    TenantSpec.Database database = tenant("norole");
    migrateTo("109", database);
    server()
        .execute("norole", "UPDATE flyway_schema_history SET checksum = 1 WHERE version = '101'");

    TenantPlan plan = plan(inSchema(database, "public", "nobody"));

    assertThat(reasons(plan))
        .containsExactly(TenantReason.InsufficientPrivilege, TenantReason.ChecksumMismatch);
    assertThat(messages(plan)).contains("role nobody does not exist");
  }

  @Test
  void aRowPolicyThatHidesTheHistoryIsNotMistakenForAnEmptyOne() {
    migrateTo("109", tenant("policy"));
    grantReading("policy");
    server().execute("policy", "ALTER TABLE flyway_schema_history ENABLE ROW LEVEL SECURITY");

    assertThat(reasons(plan(TestTenants.database(server(), "policy"))))
        .containsExactly(TenantReason.InsufficientPrivilege);
  }

  @Test
  void aTenantThatCannotBeReachedIsAProblem() throws IOException {
    TenantSpec.Database database = tenant("unreachable");
    TestTenants.writeLogin(
        credentials(), TestTenants.secret("unreachable"), "unreachable-owner", "wrong");
    TenantSpec.Database closed =
        TestTenants.database("localhost", freePort(), "unreachable", "public", null);

    assertThat(reasons(plan(database))).containsExactly(TenantReason.AuthenticationFailed);
    assertThat(
            reasons(plan(bundle(), migrations("112"), Duration.ofSeconds(3), closed, retry -> {})))
        .containsExactly(TenantReason.ConnectionRefused);
    assertThat(reasons(plan(TestTenants.database("a,b", 1, "unreachable", "public", null))))
        .containsExactly(TenantReason.InvalidTarget);
  }

  @Test
  void aServerThatComesBackIsLookedAtAfterAll() throws IOException {
    tenant("comesback");
    int port = freePort();
    AtomicReference<Forwarder> back = new AtomicReference<>();

    TenantPlan plan =
        plan(
            bundle(),
            migrations("112"),
            Duration.ofSeconds(20),
            TestTenants.database("localhost", port, "comesback", "public", null),
            retry -> back.compareAndSet(null, Forwarder.to(server(), port)));

    assertThat(back.get()).isNotNull();
    back.get().close();
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.pending().orElseThrow()).hasSize(12);
  }

  @Test
  void aFailedIndexIsNoProblemAsLongAsARunWouldClearIt() throws IOException {
    TenantSpec.Database database = tenant("leftover");
    Bundle bundle =
        bundleOf(
            "V1__t.sql",
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);",
            "V2__i.sql",
            "CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);");
    Assignment.Migrations migrations = Assignment.Migrations.upTo(bundle.digest(), "2");
    migrate(bundle, "2", database);

    TenantPlan invalid = plan(bundle, migrations, Duration.ofSeconds(20), database, retry -> {});
    server().execute("leftover", "DELETE FROM t");
    server().execute("leftover", "REINDEX INDEX CONCURRENTLY t_a");
    TenantPlan valid = plan(bundle, migrations, Duration.ofSeconds(20), database, retry -> {});

    assertThat(invalid.problems()).isEmpty();
    assertThat(invalid.pending().orElseThrow()).containsExactly("2");
    assertThat(reasons(valid)).containsExactly(TenantReason.FailedMigrationEntry);
    assertThat(messages(valid)).contains("DROP INDEX CONCURRENTLY", "DELETE FROM");
    assertThat(
            server()
                .query(
                    "leftover", "SELECT success::text FROM flyway_schema_history ORDER BY version"))
        .containsExactly("true", "false");
  }

  @Test
  void anIndexThatAKilledPodFinishedIsTheProblemThatItWouldBeInARun() throws IOException {
    TenantSpec.Database database = tenant("unrecordedplan");
    Bundle bundle = indexed("V2__i.sql", "CREATE INDEX CONCURRENTLY t_a ON t (a);");
    migrate(bundle, "1", database);
    server().execute("unrecordedplan", "CREATE INDEX t_a ON t (a)");

    TenantPlan plan = plan(bundle, upTo("2", bundle), Duration.ofSeconds(20), database, r -> {});
    TenantResult run = migrate(bundle, "2", database);

    assertThat(run.outcome()).isEqualTo(Outcome.Failed);
    assertThat(plan.problems())
        .containsExactly(new Problem(run.reason(), run.failedVersion(), run.message()));
    assertThat(plan.pending().orElseThrow()).containsExactly("2");
  }

  @Test
  void anIndexThatARunWouldGetRidOfFirstIsNoProblem() throws IOException {
    TenantSpec.Database database = tenant("dropsfirstplan");
    Bundle bundle =
        indexed(
            "V2__drop.sql",
            "DO $$ BEGIN DROP INDEX t_a; END $$;",
            "V3__i.sql",
            "CREATE INDEX CONCURRENTLY t_a ON t (a);",
            "V4__j.sql",
            "DROP INDEX CONCURRENTLY IF EXISTS t_b; CREATE INDEX CONCURRENTLY t_b ON t (a, a);",
            "V5__k.sql",
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_c ON t (a);");
    migrate(bundle, "1", database);
    server()
        .execute(
            "dropsfirstplan",
            "CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (a); CREATE INDEX t_c ON t (a)");

    TenantPlan plan = plan(bundle, upTo("5", bundle), Duration.ofSeconds(20), database, r -> {});

    assertThat(plan.problems()).isEmpty();
    assertThat(migrate(bundle, "5", database).outcome()).isEqualTo(Outcome.Succeeded);
  }

  private static Bundle indexed(String... scripts) throws IOException {
    return bundleOf(
        Stream.concat(Stream.of("V1__t.sql", "CREATE TABLE t (a int);"), Stream.of(scripts))
            .toArray(String[]::new));
  }

  private static Assignment.Migrations upTo(String head, Bundle bundle) {
    return Assignment.Migrations.upTo(bundle.digest(), head);
  }

  @Test
  void repeatableScriptsArePendingWhenTheirTextWithThePlaceholdersChanges() throws IOException {
    TenantSpec.Database database = tenant("repeatable");
    Bundle bundle =
        bundleOf(
            "V1__t.sql",
            "CREATE TABLE ${name} (a int);",
            "R__view.sql",
            "CREATE OR REPLACE VIEW v AS SELECT '${colour}' AS colour;",
            "R__other.sql",
            "CREATE OR REPLACE VIEW w AS SELECT 1 AS one;");
    Duration timeout = Duration.ofSeconds(20);

    TenantPlan before = plan(bundle, coloured(bundle, "red"), timeout, database, retry -> {});
    migrate(bundle, coloured(bundle, "red"), database);
    TenantPlan same = plan(bundle, coloured(bundle, "red"), timeout, database, retry -> {});
    TenantPlan other = plan(bundle, coloured(bundle, "blue"), timeout, database, retry -> {});

    assertThat(before.pending().orElseThrow()).containsExactly("1", "other", "view");
    assertThat(same.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(other.pending().orElseThrow()).containsExactly("view");
    assertThat(other.currentVersion()).contains("1");
  }

  private static Assignment.Migrations coloured(Bundle bundle, String colour) {
    return new Assignment.Migrations(
        bundle.digest(), "1", null, Map.of("name", "t", "colour", colour), false, List.of(), null);
  }

  @Test
  void aLockedHistoryIsALockTimeoutWithinTheTenantsTime() throws Exception {
    TenantSpec.Database database = tenant("locked");
    migrateTo("109", database);
    try (var holder = server().connect("locked");
        var statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE flyway_schema_history IN ACCESS EXCLUSIVE MODE");

      assertThat(reasons(plan(database))).containsExactly(TenantReason.LockTimeout);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** From now on the Secret holds a login without any privilege. */
  private void login(String name) {
    String reader = name + "-reader";
    server()
        .execute(
            "postgres",
            "DROP ROLE IF EXISTS \"%1$s\"; CREATE ROLE \"%1$s\" LOGIN PASSWORD 'reads'"
                .formatted(reader));
    TestTenants.writeLogin(credentials(), TestTenants.secret(name), reader, "reads");
  }

  /** The recipe of docs/plan-mode.md. */
  private void grantReading(String name) {
    String reader = name + "-reader";
    server()
        .execute(
            "postgres",
            ("DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN"
                    + " DROP OWNED BY \"%1$s\"; DROP ROLE \"%1$s\"; END IF; END $$")
                .formatted(reader));
    server().execute("postgres", "CREATE ROLE \"%s\" LOGIN PASSWORD 'reads'".formatted(reader));
    server()
        .execute(
            name,
            "GRANT USAGE ON SCHEMA public TO \"%1$s\"; GRANT SELECT ON flyway_schema_history TO \"%1$s\""
                .formatted(reader));
    TestTenants.writeLogin(credentials(), TestTenants.secret(name), reader, "reads");
  }

  private void migrateTo(String head, TenantSpec.Database database) {
    assertThat(migrate(bundle(), head, database).outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aPoolerThatLetsTheLoginPassIsAProblemAsItIsInARun() {
    TenantSpec.Database direct = tenant("planpooled");
    try (Forwarder pooler = Forwarder.poolerOf(server())) {
      TenantPlan plan =
          plan(
              new TenantSpec.Database(
                  "localhost",
                  pooler.port(),
                  direct.name(),
                  direct.schema(),
                  null,
                  null,
                  SslMode.DISABLE,
                  direct.credentialsSecretRef()));

      assertThat(plan.reason()).isEqualTo(TenantReason.PoolerNotSupported);
    }
  }

  private TenantPlan plan(TenantSpec.Database database) {
    return plan(migrations("112"), database);
  }

  private TenantPlan plan(Assignment.Migrations migrations, TenantSpec.Database database) {
    return plan(bundle(), migrations, Duration.ofSeconds(20), database, retry -> {});
  }

  private TenantPlan plan(
      Bundle bundle,
      Assignment.Migrations migrations,
      Duration timeout,
      TenantSpec.Database database,
      Consumer<Tries.Retry> onRetry) {
    Assignment assignment =
        new Assignment(
            "shop",
            "p112",
            "plan-uid",
            1,
            1,
            Mode.Plan,
            migrations,
            new Assignment.Limits(1, 1, timeout.toMillis(), LOCK_TIMEOUT.toMillis(), 0, 1),
            List.of(),
            List.of());
    return new TenantSurvey(
            assignment,
            bundle,
            bundle.head(Optional.of(migrations.headVersion())),
            credentials(),
            Clock.systemUTC(),
            System::nanoTime)
        .perform(new Assignment.Member("acme", "uid", 0, database), new StopSwitch(TIMER), onRetry)
        .orElseThrow();
  }

  private Assignment.Migrations migrations(String head) {
    return migrations(head, null);
  }

  private Assignment.Migrations migrations(String head, String baseline) {
    return new Assignment.Migrations(
        bundle().digest(), head, baseline, null, false, List.of(), null);
  }

  private static TenantSpec.Database inSchema(
      TenantSpec.Database database, String schema, String role) {
    return TestTenants.database(database.host(), database.port(), database.name(), schema, role);
  }

  private static List<TenantReason> reasons(TenantPlan plan) {
    return plan.problems().stream().map(Problem::reason).toList();
  }

  private static String messages(TenantPlan plan) {
    return plan.problems().stream().map(Problem::message).toList().toString();
  }
}
