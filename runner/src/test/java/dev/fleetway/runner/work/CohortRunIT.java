package dev.fleetway.runner.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.database.TenantMigration;
import dev.fleetway.runner.outcome.TenantApi;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A cohort of real databases, with tenants in memory. */
class CohortRunIT {
  private static final String PASSWORD = "correct-horse";

  private static TestPostgres server;
  private static ScheduledExecutorService timer;

  @TempDir private Path credentials;
  @TempDir private Path directory;

  private final RecordingTenantApi api = new RecordingTenantApi();
  private String prefix;

  @BeforeAll
  static void start() {
    server = TestPostgres.shared(TestPostgres.Version.NEWEST);
    timer = Executors.newScheduledThreadPool(1);
  }

  @AfterAll
  static void stop() {
    timer.shutdownNow();
  }

  @BeforeEach
  void nameDatabasesAfterTheTest(TestInfo test) {
    prefix = "t" + Integer.toHexString(test.getDisplayName().hashCode()) + "x";
  }

  @Test
  void everyTenantGetsItsOwnOutcome() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    List<Assignment.Member> members = tenants(3);
    server.execute(prefix + 1, "CREATE TABLE left_over (a int)");

    CohortRun run = run(2, 4, members);

    assertThat(run.execute()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(run.summary().succeeded()).isEqualTo(2);
    assertThat(run.summary().failed()).isEqualTo(1);
    assertThat(run.summary().notStarted()).isZero();
    assertThat(api.lastRun(prefix + 0).outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.lastRun(prefix + 0).toVersion()).isEqualTo("1");
    assertThat(api.lastRun(prefix + 1).reason()).isEqualTo(TenantReason.HistoryMissing);
    TenantStatus status = api.get(prefix + 2).getStatus();
    assertThat(status.schemaVersion()).isEqualTo("1");
    assertThat(status.conditions())
        .singleElement()
        .satisfies(
            ready -> {
              assertThat(ready.type()).isEqualTo("Ready");
              assertThat(ready.status()).isEqualTo(Condition.Status.True);
              assertThat(ready.observedGeneration()).isEqualTo(1);
            });
  }

  @Test
  void takesOverFinalOutcomesAndDoesNotTouchTheirDatabases() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    List<Assignment.Member> members = tenants(2);
    Tenant done = api.get(prefix + 0);
    done.setStatus(
        new TenantStatus(null, null, null, null, lastRun(1, 1, Outcome.Failed), null, null));
    api.put(done);

    CohortRun run = run(1, 3, members);

    assertThat(run.execute()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(run.summary().failed()).isEqualTo(1);
    assertThat(run.summary().succeeded()).isEqualTo(1);
    assertThat(tables(prefix + 0)).isEmpty();
    assertThat(api.patches()).hasSize(1);
  }

  @Test
  void anOutcomeOfAnEarlierAttemptDoesNotCountAndOneOfALaterAttemptStopsThisPod() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    List<Assignment.Member> members = tenants(2);
    Assignment second = attempt(2, members);
    for (int attempt : List.of(1, 3)) {
      Tenant tenant = api.get(prefix + (attempt == 1 ? 0 : 1));
      tenant.setStatus(
          new TenantStatus(
              null, null, null, null, lastRun(attempt, 1, Outcome.Failed), null, null));
      api.put(tenant);
    }

    run(second).execute();

    assertThat(api.lastRun(prefix + 0).outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.lastRun(prefix + 0).attempt()).isEqualTo(2);
    assertThat(api.lastRun(prefix + 1).attempt()).isEqualTo(3);
    assertThat(tables(prefix + 1)).isEmpty();
  }

  @Test
  void leavesTenantsAloneThatAreGoneOrWereCreatedAgain() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    List<Assignment.Member> members = tenants(2);
    api.delete(prefix + 0);
    Tenant again = api.get(prefix + 1);
    again.getMetadata().setUid("another");
    api.put(again);

    CohortRun run = run(1, 3, members);

    assertThat(run.execute()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(run.summary().notStarted()).isZero();
    assertThat(tables(prefix + 0)).isEmpty();
    assertThat(tables(prefix + 1)).isEmpty();
    assertThat(api.patches()).isEmpty();
  }

  @Test
  void startsNobodyOnceTheThresholdIsReachedCountingWhatItTookOver() throws Exception {
    bundle("SELECT 1/0;");
    List<Assignment.Member> members = tenants(4);
    Tenant failedBefore = api.get(prefix + 0);
    failedBefore.setStatus(
        new TenantStatus(null, null, null, null, lastRun(1, 1, Outcome.Failed), null, null));
    api.put(failedBefore);

    CohortRun run = run(1, 2, members);

    assertThat(run.execute()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(run.summary().failed()).isEqualTo(2);
    assertThat(run.summary().notStarted()).isEqualTo(2);
    assertThat(api.lastRun(prefix + 1).reason()).isEqualTo(TenantReason.SqlError);
    assertThat(api.get(prefix + 2).getStatus()).isNull();
  }

  @Test
  void countsAllThatIsRecordedBeforeItStartsAnybody() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    List<Assignment.Member> members = tenants(5);
    for (int failed : List.of(3, 4)) {
      Tenant tenant = api.get(prefix + failed);
      tenant.setStatus(
          new TenantStatus(null, null, null, null, lastRun(1, 1, Outcome.Failed), null, null));
      api.put(tenant);
    }

    CohortRun run = run(2, 2, members);

    assertThat(run.execute()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(run.summary().failed()).isEqualTo(2);
    assertThat(run.summary().notStarted()).isEqualTo(3);
    assertThat(api.patches()).isEmpty();
    assertThat(tables(prefix + 0)).isEmpty();
  }

  @Test
  void tenantsWhoseRecordCannotBeReadMayHaveFailedAndSoNobodyIsStarted() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    List<Assignment.Member> members = tenants(3);
    Tenant failed = api.get(prefix + 0);
    failed.setStatus(
        new TenantStatus(null, null, null, null, lastRun(1, 1, Outcome.Failed), null, null));
    api.put(failed);
    TenantApi secret =
        new SlowApi(
            api,
            name -> {
              if (name.equals(prefix + 2)) {
                throw new TenantApi.ApiException(403, null);
              }
            });

    CohortRun blocked =
        run(TestTenants.assignment("sha256:", "1", 1, 30_000, 1_000, 2, members), secret);
    CohortRun free =
        run(TestTenants.assignment("sha256:", "1", 1, 30_000, 1_000, 3, members), secret);

    assertThat(blocked.execute()).isEqualTo(1);
    assertThat(tables(prefix + 1)).isEmpty();
    assertThat(free.execute()).isEqualTo(1);
    assertThat(tables(prefix + 1)).contains("orders");
  }

  @Test
  void aTenantThatIsDeletedBeforeItsTurnIsNotStarted() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    List<Assignment.Member> members = tenants(2);
    AtomicInteger lookups = new AtomicInteger();
    TenantApi deleting =
        new SlowApi(
            api,
            name -> {
              if (lookups.incrementAndGet() == 2) {
                api.delete(prefix + 0);
              }
            });

    CohortRun run = run(TestTenants.assignment("sha256:", "1", members), deleting, new LongTurns());

    assertThat(run.execute()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(tables(prefix + 0)).isEmpty();
    assertThat(tables(prefix + 1)).contains("orders");
  }

  @Test
  void aRecordThatWasReadJustNowIsNotReadAgain() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    AtomicInteger lookups = new AtomicInteger();

    CohortRun run =
        run(
            TestTenants.assignment("sha256:", "1", tenants(1)),
            new SlowApi(api, name -> lookups.incrementAndGet()),
            Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC));

    assertThat(run.execute()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(lookups).hasValue(1);
    assertThat(api.lastRun(prefix + 0).outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aDrainedRunFinishesWhatIsInWorkAndSaysThatItWasInterrupted() throws Exception {
    bundle("SELECT pg_sleep(1.5);");
    CohortRun run = run(1, 3, tenants(2));
    CompletableFuture<Integer> exit = executeAsync(run);
    awaitSleeping(1);

    run.drain();

    assertThat(exit.join()).isEqualTo(PodContract.EXIT_INTERRUPTED);
    assertThat(api.lastRun(prefix + 0).outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.get(prefix + 1).getStatus()).isNull();
    assertThat(run.summary().notStarted()).isEqualTo(1);
  }

  @Test
  void aStoppedRunCancelsTheBackendsAndLeavesNoOutcome() throws Exception {
    bundle("CREATE TABLE orders (id int); SELECT pg_sleep(120);");
    CohortRun run = run(2, 3, tenants(2));
    CompletableFuture<Integer> exit = executeAsync(run);
    awaitSleeping(2);

    run.stop();

    assertThat(exit.join()).isEqualTo(PodContract.EXIT_INTERRUPTED);
    assertThat(sleeping()).isEmpty();
    assertThat(api.patches()).isEmpty();
    assertThat(run.summary().inFlight()).containsExactly(prefix + 0, prefix + 1);
    assertThat(tables(prefix + 0)).containsExactly("flyway_schema_history");
  }

  @Test
  void aTenantThatIsStillBeingLookedUpWhenTheDrainComesIsNotStarted() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    AtomicReference<CohortRun> running = new AtomicReference<>();
    AtomicInteger lookups = new AtomicInteger();
    CohortRun slow =
        run(
            TestTenants.assignment("sha256:", "1", tenants(1)),
            new SlowApi(
                api,
                name -> {
                  // The first is for the count, the second for its turn.
                  if (lookups.incrementAndGet() == 2) {
                    running.get().stop();
                  }
                }),
            new LongTurns());
    running.set(slow);

    assertThat(slow.execute()).isEqualTo(PodContract.EXIT_INTERRUPTED);

    assertThat(lookups).hasValue(2);
    assertThat(tables(prefix + 0)).isEmpty();
    assertThat(slow.summary().notStarted()).isEqualTo(1);
    assertThat(slow.summary().inFlight()).isEmpty();
  }

  @Test
  void aTenantThatWasCancelledBesideAReachedThresholdIsNotLeftAsDone() throws Exception {
    bundle("SELECT pg_sleep(120);");
    List<Assignment.Member> members = tenants(2);
    TestTenants.writeLogin(
        credentials, TestTenants.secret(prefix + 1), prefix + 1, "no-such-horse");
    CohortRun run = run(2, 1, members);
    CompletableFuture<Integer> exit = executeAsync(run);
    awaitSleeping(1);
    Awaitility.await().until(() -> run.summary().failed() == 1);

    run.stop();

    assertThat(exit.join()).isEqualTo(PodContract.EXIT_INTERRUPTED);
    assertThat(run.summary().inFlight()).containsExactly(prefix + 0);
  }

  @Test
  void anOutcomeThatCannotBeWrittenMakesKubernetesStartThePodAgain() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    api.failPatches(403);

    assertThat(run(1, 3, tenants(1)).execute()).isEqualTo(1);
  }

  @Test
  void anApiServerThatFailsForAWhileIsAskedAgain() throws Exception {
    bundle("CREATE TABLE orders (id int);");
    api.failPatches(503, 429, 409, 0);

    assertThat(run(1, 3, tenants(1)).execute()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(api.patches()).hasSize(1);
  }

  @Test
  void anApplicationThatIsTooOldStopsThePodWhateverTheThreshold() throws Exception {
    bundle("-- fleetway:minCompatibleCodeVersion=2.14.0\nCREATE TABLE orders (id int);");
    List<Assignment.Member> members = tenants(3);
    Assignment assignment = running("2.13.9", members);

    CohortRun first = run(assignment);
    int firstCode = first.execute();
    CohortRun restarted = run(assignment);
    int restartedCode = restarted.execute();

    assertThat(firstCode).isEqualTo(PodContract.EXIT_PERMANENT);
    assertThat(first.error().orElseThrow().reason()).isEqualTo("IncompatibleCodeVersion");
    assertThat(first.error().orElseThrow().message()).contains("2.14.0", "2.13.9", "version 1");
    assertThat(first.summary().notStarted()).isEqualTo(2);
    assertThat(api.lastRun(prefix + 0).reason()).isEqualTo(TenantReason.IncompatibleCodeVersion);
    assertThat(tables(prefix + 0)).isEmpty();
    assertThat(restartedCode).isEqualTo(PodContract.EXIT_PERMANENT);
    assertThat(restarted.error()).isPresent();
    assertThat(api.patches()).hasSize(1);
    assertThat(run(running("2.14.0", tenants(1))).execute()).isEqualTo(PodContract.EXIT_DONE);
  }

  private static Assignment running(String codeVersion, List<Assignment.Member> members) {
    return new Assignment(
        "shop",
        "v112",
        "run-uid",
        1,
        1,
        Mode.Apply,
        new Assignment.Migrations("sha256:", "1", null, null, false, null, codeVersion),
        new Assignment.Limits(1, 1, 30_000, 1_000, 0, 100),
        members,
        List.of());
  }

  private static CompletableFuture<Integer> executeAsync(CohortRun run) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return run.execute();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void awaitSleeping(int backends) {
    Awaitility.await().until(() -> sleeping().size() == backends);
  }

  private List<String> sleeping() {
    return server.query(
        "postgres",
        "SELECT datname FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname LIKE ?",
        prefix + "%");
  }

  private static List<String> tables(String database) {
    return server.query(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  }

  private static LastRun lastRun(int attempt, int cohort, Outcome outcome) {
    return new LastRun(
        "v112", "run-uid", attempt, cohort, outcome, null, null, null, null, null, null, null, null,
        null, null, null);
  }

  private List<Assignment.Member> tenants(int count) {
    List<Assignment.Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = prefix + i;
      server.createDatabase(name, name, PASSWORD);
      TestTenants.writeLogin(credentials, TestTenants.secret(name), name, PASSWORD);
      Tenant tenant = TestTenants.tenant(name, TestTenants.database(server, name));
      api.put(tenant);
      members.add(TestTenants.member(tenant));
    }
    return members;
  }

  private void bundle(String sql) throws IOException {
    Files.writeString(directory.resolve("V1__one.sql"), sql);
  }

  private Assignment attempt(int attempt, List<Assignment.Member> members) {
    return new Assignment(
        "shop",
        "v112",
        "run-uid",
        attempt,
        1,
        Mode.Apply,
        Assignment.Migrations.upTo("sha256:", "1"),
        new Assignment.Limits(1, 1, 30_000, 1_000, 0, 3),
        members,
        List.of());
  }

  private CohortRun run(int concurrency, int failureThreshold, List<Assignment.Member> members) {
    return run(
        TestTenants.assignment(
            "sha256:", "1", concurrency, 30_000, 1_000, failureThreshold, members));
  }

  private CohortRun run(Assignment assignment) {
    return run(assignment, api);
  }

  private CohortRun run(Assignment assignment, TenantApi tenants) {
    return run(assignment, tenants, Clock.systemUTC());
  }

  private CohortRun run(Assignment assignment, TenantApi tenants, Clock clock) {
    Bundle bundle = BundleReader.read(directory);
    TenantMigration migration =
        new TenantMigration(
            assignment, bundle, bundle.newest(), credentials, Clock.systemUTC(), System::nanoTime);
    return new CohortRun(assignment, tenants, migration, timer, clock, Duration.ofSeconds(20));
  }

  /** Each time somebody asks it is a minute later. */
  private static final class LongTurns extends Clock {
    private final AtomicInteger minutes = new AtomicInteger();

    @Override
    public Instant instant() {
      return Instant.parse("2026-11-21T12:00:00Z")
          .plus(Duration.ofMinutes(minutes.getAndIncrement()));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  /** Something happens while a tenant is looked up. */
  private record SlowApi(TenantApi api, Consumer<String> meanwhile) implements TenantApi {
    @Override
    public Optional<Tenant> find(String name) {
      Optional<Tenant> found = api.find(name);
      meanwhile.accept(name);
      return found;
    }

    @Override
    public void patchStatus(String name, String jsonPatch) {
      api.patchStatus(name, jsonPatch);
    }
  }
}
