package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.database.session.Login;
import dev.fleetway.runner.database.session.SessionLease;
import dev.fleetway.runner.database.session.SharedSessions;
import dev.fleetway.runner.database.session.SharedSessions.Remaining;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Sessions that tenants of one database use one after the other. */
class SharedSessionsIT extends OnEveryPostgres {
  private static final Remaining ENOUGH = () -> Duration.ofSeconds(20);
  private static final String SEEN = "CREATE TABLE seen AS SELECT pg_backend_pid()::text AS pid;";

  /** Everything that one tenant could leave to the next, as one line of text. */
  private static final String STATE =
      """
      SELECT concat_ws(' ', session_user, current_user,
        (SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings
          WHERE name NOT IN ('in_hot_standby', 'transaction_read_only', 'transaction_isolation')),
        'own', coalesce(current_setting('app.tenant', true), ''),
        'temporary', pg_my_temp_schema() <> 0
          AND EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
        'prepared', (SELECT count(*) FROM pg_prepared_statements),
        'cursors', (SELECT count(*) FROM pg_cursors WHERE name <> ''),
        'channels', (SELECT count(*) FROM pg_listening_channels()),
        'locks', (SELECT count(*) FROM pg_locks
          WHERE pid = pg_backend_pid() AND locktype = 'advisory'))
      """;

  private SharedSessions shared;

  @AfterEach
  void release() {
    if (shared != null) {
      shared.release();
    }
  }

  @Test
  void schemasOfOneDatabaseUseOneSessionThatEndsWithTheLastOfThem() throws IOException {
    List<Assignment.Member> members = schemas("reuse", "acme", "bolt", "coil");
    TenantWork work = work(bundleOf("V1__seen.sql", SEEN), 20_000, members);

    assertThat(perform(work, members.get(0)).outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(perform(work, members.get(1)).outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(backends("reuse")).isEqualTo(seen("reuse", "acme")).isEqualTo(seen("reuse", "bolt"));
    assertThat(perform(work, members.get(2)).outcome()).isEqualTo(Outcome.Succeeded);

    assertThat(seen("reuse", "coil")).isEqualTo(seen("reuse", "acme"));
    awaitNobodyIn("reuse");
  }

  @Test
  void aPlanSharesSessionsThatCannotWriteAndAreClean() throws IOException {
    List<Assignment.Member> members = schemas("planned", "acme", "bolt", "coil");
    Bundle bundle = bundleOf("V1__seen.sql", SEEN);
    assertThat(perform(work(bundle, 20_000, List.of()), members.get(0)).outcome())
        .isEqualTo(Outcome.Succeeded);
    awaitNobodyIn("planned");
    Assignment assignment = TestTenants.inModePlan(assignment(bundle, 20_000, members));
    TenantSurvey survey =
        new TenantSurvey(
            assignment,
            bundle,
            bundle.newest(),
            credentials(),
            Clock.systemUTC(),
            System::nanoTime);
    survey.expect(members);

    assertThat(((TenantPlan) perform(survey, members.get(0))).pending()).contains(List.of());
    List<String> session = backends("planned");
    assertThat(((TenantPlan) perform(survey, members.get(1))).pending()).contains(List.of("1"));

    assertThat(session).hasSize(1).isEqualTo(backends("planned"));
    assertThat(perform(survey, members.get(2)).reason()).isNull();
    awaitNobodyIn("planned");
  }

  @Test
  void databasesOfTheirOwnShareNothing() throws IOException {
    List<Assignment.Member> members = List.of(member(tenant("own-one")), member(tenant("own-two")));
    TenantWork work = work(bundleOf("V1__seen.sql", SEEN), 20_000, members);

    assertThat(perform(work, members.get(0)).outcome()).isEqualTo(Outcome.Succeeded);

    awaitNobodyIn("own-one");
  }

  @Test
  void aSessionIsAsNewForTheNextTenant() throws Exception {
    TenantSpec.Database database = sessions("traces", 2);
    // A login can begin with a role, and with settings.
    server()
        .execute(
            "traces",
            """
            CREATE ROLE traces_group; GRANT traces_group TO "traces-owner";
            ALTER ROLE "traces-owner" SET role = traces_group;
            ALTER ROLE "traces-owner" SET work_mem = '7MB';
            CREATE SEQUENCE numbers; GRANT ALL ON numbers TO traces_group;
            """);
    String before;
    String pid;
    SessionLease first = open(database);
    try (Statement statement = first.connection().createStatement()) {
      before = text(first.connection(), STATE);
      pid = pid(first);
      statement.execute(
          """
          CREATE TEMPORARY TABLE leftover (a int);
          DECLARE leftover CURSOR WITH HOLD FOR SELECT 1;
          SELECT nextval('public.numbers');
          PREPARE leftover AS SELECT 1; LISTEN leftover; SELECT pg_advisory_lock(4711);
          SET role = "traces-owner"; SET work_mem = '12345kB'; SET search_path = acme;
          SET application_name = 'acme'; SET app.tenant = 'acme'; SET lock_timeout = 1;
          SET statement_timeout = '1h'; SET row_security = off;
          SET default_transaction_isolation = serializable;
          SET default_transaction_read_only = on;
          """);
      first.connection().setReadOnly(true);
      first.connection().setAutoCommit(false);
      statement.execute("SELECT 1");
    }
    first.giveBack();

    SessionLease second = open(database);

    assertThat(pid(second)).isEqualTo(pid);
    assertThat(second.connection().getAutoCommit()).isTrue();
    assertThat(second.connection().isReadOnly()).isFalse();
    assertThat(text(second.connection(), STATE)).isEqualTo(before).contains("traces_group");
    assertThatThrownBy(() -> text(second.connection(), "SELECT lastval()::text"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55000"));
    second.end();
  }

  @Test
  void aTransactionThatOnlyTheServerKnowsOfEndsWithItsSession() throws Exception {
    TenantSpec.Database database = sessions("open", 2);
    SessionLease first = open(database);
    String pid = pid(first);
    try (Statement statement = first.connection().createStatement()) {
      statement.execute("BEGIN; CREATE TABLE uncommitted (a int)");
    }
    first.giveBack();

    SessionLease second = open(database);

    assertThat(pid(second)).isNotEqualTo(pid);
    assertThat(text(second.connection(), "SELECT to_regclass('uncommitted')::text")).isNull();
    second.end();
  }

  @Test
  void aSessionThatSawAFailureIsNotUsedAgain() throws IOException {
    List<Assignment.Member> members = schemas("failing", "acme", "bolt", "coil");
    Bundle bundle =
        bundleOf(
            "V1__seen.sql",
            SEEN,
            "V2__fail.sql",
            "DO $$ BEGIN IF current_schema() = 'acme' THEN PERFORM 1/0; END IF; END $$;");
    TenantWork work = work(bundle, 20_000, members);

    assertThat(perform(work, members.get(0)).sqlState()).isEqualTo("22012");
    awaitNobodyIn("failing");
    assertThat(perform(work, members.get(1)).outcome()).isEqualTo(Outcome.Succeeded);

    assertThat(seen("failing", "bolt")).isNotEqualTo(seen("failing", "acme"));
  }

  @Test
  void aSessionThatWasCancelledIsProvenGoneAndNotUsedAgain() throws IOException {
    List<Assignment.Member> members = schemas("cancelled", "acme", "bolt", "coil");
    Bundle bundle =
        bundleOf(
            "V1__seen.sql",
            SEEN,
            "V2__sleep.sql",
            "DO $$ BEGIN IF current_schema() = 'acme' THEN PERFORM pg_sleep(60); END IF; END $$;");
    TenantWork work = work(bundle, 2_000, members);

    TenantReport late = perform(work, members.get(0));

    assertThat(backends("cancelled")).isEmpty();
    assertThat(late.reason()).isEqualTo(TenantReason.TenantTimeout);
    assertThat(late.message()).doesNotContain("pid");
    assertThat(perform(work, members.get(1)).outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(seen("cancelled", "bolt")).isNotEqualTo(seen("cancelled", "acme"));
  }

  @Test
  void aSessionThatEndedWhileItWaitedIsReplaced() throws IOException {
    List<Assignment.Member> members = schemas("ended", "acme", "bolt", "coil");
    TenantWork work = work(bundleOf("V1__seen.sql", SEEN), 20_000, members);
    assertThat(perform(work, members.get(0)).outcome()).isEqualTo(Outcome.Succeeded);
    server()
        .execute(
            "postgres",
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'ended'");

    TenantResult next = (TenantResult) perform(work, members.get(1));

    assertThat(next.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(next.tries()).isEqualTo(1);
  }

  @Test
  void aRotatedSecretOpensSessionsOfItsOwn() throws Exception {
    TenantSpec.Database database = sessions("rotated", 3);
    server().execute("rotated", "CREATE ROLE rotated_new LOGIN PASSWORD 'battery-staple'");
    SessionLease before = open(database);
    String pid = pid(before);
    TestTenants.writeLogin(
        credentials(), TestTenants.secret("rotated"), "rotated_new", "battery-staple");

    SessionLease after = open(database);

    assertThat(text(after.connection(), "SELECT session_user")).isEqualTo("rotated_new");
    before.giveBack();
    Awaitility.await().until(() -> !backends("rotated").contains(pid));
    assertThat(text(after.connection(), "SELECT session_user")).isEqualTo("rotated_new");
    after.end();
  }

  @Test
  void aWrongPasswordIsTriedOnceByEachTenantAndSaidAtOnce() throws IOException {
    List<Assignment.Member> members = schemas("refused", "acme", "bolt");
    TestTenants.writeLogin(credentials(), TestTenants.secret("refused"), "refused-owner", "wrong");
    TenantWork work = work(bundleOf("V1__seen.sql", SEEN), 20_000, members);

    for (Assignment.Member member : members) {
      TenantResult result = (TenantResult) perform(work, member);

      assertThat(result.reason()).isEqualTo(TenantReason.AuthenticationFailed);
      assertThat(result.sqlState()).isEqualTo("28P01");
    }
  }

  @Test
  void idleSessionsMakeRoomForTenantsOfOtherDatabases() throws Exception {
    TenantSpec.Database one = sessions("room-one", 4, "room-two", "room-alone");
    TenantSpec.Database two = TestTenants.database(server(), "room-two");
    SessionLease first = open(one);
    SessionLease second = open(one);
    first.giveBack();
    // Both slots are taken: one is at work, one waits for a tenant.
    SessionLease other = open(two);
    assertThat(backends("room-one")).containsExactly(pid(second));

    CompletableFuture<SessionLease> third =
        CompletableFuture.supplyAsync(
            () -> openUnchecked(TestTenants.database(server(), "room-alone")));
    assertThat(third).isNotDone();
    second.giveBack();
    SessionLease alone = third.join();

    Awaitility.await().until(() -> backends("room-one").isEmpty());
    alone.end();
    other.end();
  }

  @Test
  void whenNobodyIsToComeIdleSessionsEndAndTheOthersWithTheirTenant() throws Exception {
    TenantSpec.Database database = sessions("drained", 5);
    SessionLease idle = open(database);
    SessionLease working = open(database);
    String pid = pid(working);
    idle.giveBack();

    shared.release();

    Awaitility.await().untilAsserted(() -> assertThat(backends("drained")).containsExactly(pid));
    assertThat(text(working.connection(), "SELECT 1")).isEqualTo("1");
    working.giveBack();
    awaitNobodyIn("drained");
    SessionLease late = open(database);
    late.giveBack();
    awaitNobodyIn("drained");
  }

  /** Sessions of a database that so many tenants share; the other databases have one tenant. */
  private TenantSpec.Database sessions(String database, int tenants, String... others) {
    TenantSpec.Database address = tenant(database);
    shared =
        new SharedSessions("fleetway v112", null, new Assignment.Limits(2, 2, 20_000, 1_000, 0, 1));
    shared.expect(
        Stream.concat(
                Stream.generate(() -> address).limit(tenants), Stream.of(others).map(this::tenant))
            .map(SharedSessionsIT::member)
            .toList());
    return address;
  }

  private SessionLease open(TenantSpec.Database database) throws Exception {
    return shared.open(
        database, Login.read(credentials(), database.credentialsSecretRef()), ENOUGH);
  }

  private SessionLease openUnchecked(TenantSpec.Database database) {
    try {
      return open(database);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Assignment.Member> schemas(String database, String... names) {
    tenant(database);
    for (String name : names) {
      server()
          .execute(
              database, "CREATE SCHEMA %s AUTHORIZATION \"%s-owner\"".formatted(name, database));
    }
    return Stream.of(names)
        .map(name -> TestTenants.database(server().host(), server().port(), database, name, null))
        .map(SharedSessionsIT::member)
        .toList();
  }

  private static Assignment.Member member(TenantSpec.Database database) {
    String name = database.name() + "-" + database.schema();
    return new Assignment.Member(name, TestTenants.uid(name), 0, database);
  }

  private TenantWork work(Bundle bundle, long timeoutMillis, List<Assignment.Member> expected) {
    TenantMigration migration =
        new TenantMigration(
            assignment(bundle, timeoutMillis, expected),
            bundle,
            bundle.newest(),
            credentials(),
            Clock.systemUTC(),
            System::nanoTime);
    migration.expect(expected);
    return migration;
  }

  private static Assignment assignment(
      Bundle bundle, long timeoutMillis, List<Assignment.Member> members) {
    return TestTenants.assignment(
        bundle.digest(), bundle.newest().getVersion(), 2, timeoutMillis, 1_000, 9, members);
  }

  private static TenantReport perform(TenantWork work, Assignment.Member member) {
    return work.perform(member, stopSwitch(), retry -> {}).orElseThrow();
  }

  private static String pid(SessionLease lease) throws SQLException {
    return Integer.toString(lease.connection().unwrap(PGConnection.class).getBackendPID());
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private List<String> seen(String database, String schema) {
    return server().query(database, "SELECT pid FROM " + schema + ".seen");
  }

  private List<String> backends(String database) {
    return server()
        .query(
            "postgres",
            "SELECT pid::text FROM pg_stat_activity WHERE datname = ? AND application_name ="
                + " 'fleetway v112'",
            database);
  }

  private void awaitNobodyIn(String database) {
    Awaitility.await().untilAsserted(() -> assertThat(backends(database)).isEmpty());
  }
}
