package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.database.session.StopSwitch;
import dev.fleetway.runner.testing.SampleBundle;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One tenant at a time against a real server, on the oldest and on the newest version. */
@ParameterizedClass
@EnumSource(TestPostgres.Version.class)
abstract class OnEveryPostgres {
  static final Duration LOCK_TIMEOUT = Duration.ofMillis(400);

  private static final String PASSWORD = "correct-horse";
  private static final ScheduledExecutorService TIMER =
      Executors.newScheduledThreadPool(2, OnEveryPostgres::daemon);

  @Parameter private TestPostgres.Version version;

  @TempDir private Path credentials;
  @TempDir private Path sample;

  private TestPostgres server;

  @BeforeEach
  void start() throws IOException {
    server = TestPostgres.shared(version);
    Path unused = SampleBundle.copyTo(sample);
  }

  TestPostgres server() {
    return server;
  }

  TestPostgres.Version version() {
    return version;
  }

  Path credentials() {
    return credentials;
  }

  TenantSpec.Database tenant(String name) {
    server.createDatabase(name, name + "-owner", PASSWORD);
    TestTenants.writeLogin(credentials, TestTenants.secret(name), name + "-owner", PASSWORD);
    return TestTenants.database(server, name);
  }

  Bundle bundle() {
    return BundleReader.read(sample);
  }

  static Bundle bundleOf(String... namesAndTexts) throws IOException {
    Path directory = Files.createTempDirectory("bundle");
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      Files.writeString(directory.resolve(namesAndTexts[i]), namesAndTexts[i + 1]);
    }
    return BundleReader.read(directory);
  }

  static Path copyOfSample() throws IOException {
    return SampleBundle.copyTo(Files.createTempDirectory("bundle"));
  }

  TenantResult migrate(Bundle bundle, String head, TenantSpec.Database database) {
    return migrate(bundle, head, database, Duration.ofSeconds(30));
  }

  TenantResult migrate(Bundle bundle, String head, TenantSpec.Database database, Duration timeout) {
    return with(timeout, LOCK_TIMEOUT, 0).migrate(bundle, head, database).orElseThrow();
  }

  /** Migrates with other limits than the usual ones. */
  Trial with(Duration timeout, Duration lockTimeout, int retries) {
    return new Trial(timeout, lockTimeout, retries);
  }

  /** A migration with limits of its own, which tells of its retries. */
  final class Trial {
    final StopSwitch stop = new StopSwitch(TIMER);
    final BlockingQueue<Tries.Retry> retried = new LinkedBlockingQueue<>();
    private final Duration timeout;
    private final Duration lockTimeout;
    private final int retries;

    Trial(Duration timeout, Duration lockTimeout, int retries) {
      this.timeout = timeout;
      this.lockTimeout = lockTimeout;
      this.retries = retries;
    }

    CompletableFuture<Optional<TenantResult>> start(
        Bundle bundle, String head, TenantSpec.Database database) {
      return CompletableFuture.supplyAsync(() -> migrate(bundle, head, database));
    }

    Optional<TenantResult> migrate(Bundle bundle, String head, TenantSpec.Database database) {
      return new TenantMigration(
              new Assignment(
                  "shop",
                  "v112",
                  "run-uid",
                  1,
                  1,
                  Mode.Apply,
                  Assignment.Migrations.upTo(bundle.digest(), head),
                  new Assignment.Limits(
                      1, 1, timeout.toMillis(), lockTimeout.toMillis(), retries, 1),
                  List.of(),
                  List.of()),
              bundle,
              bundle.head(Optional.of(head)),
              credentials,
              Clock.systemUTC(),
              System::nanoTime)
          .perform(new Assignment.Member("acme", "uid-acme", 0, database), stop, retried::add);
    }

    /** Waits until a try has failed and another one is to follow. */
    Tries.Retry awaitRetry() throws InterruptedException {
      Tries.Retry retry = retried.poll(20, TimeUnit.SECONDS);
      if (retry == null) {
        throw new AssertionError("no retry");
      }
      return retry;
    }
  }

  /** With other rules than the default ones; the migrations' digest and head count. */
  TenantResult migrate(
      Bundle bundle, Assignment.Migrations migrations, TenantSpec.Database database) {
    return migrate(migration(bundle, migrations), database);
  }

  static StopSwitch stopSwitch() {
    return new StopSwitch(TIMER);
  }

  static TenantResult migrate(TenantMigration migration, TenantSpec.Database database) {
    return migration
        .perform(new Assignment.Member("acme", "uid-acme", 0, database), stopSwitch(), retry -> {})
        .orElseThrow();
  }

  TenantMigration migration(Bundle bundle, Assignment.Migrations migrations) {
    Assignment plain =
        TestTenants.assignment(
            bundle.digest(),
            migrations.headVersion(),
            1,
            Duration.ofSeconds(30).toMillis(),
            LOCK_TIMEOUT.toMillis(),
            1,
            List.of());
    return migration(
        new Assignment(
            plain.namespace(),
            plain.run(),
            plain.runUid(),
            plain.attempt(),
            plain.cohort(),
            plain.mode(),
            migrations,
            plain.limits(),
            plain.tenants(),
            plain.skipped()),
        bundle);
  }

  private TenantMigration migration(Assignment assignment, Bundle bundle) {
    return new TenantMigration(
        assignment,
        bundle,
        bundle.head(Optional.of(assignment.migrations().headVersion())),
        credentials,
        Clock.systemUTC(),
        System::nanoTime);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "stop-switch");
    thread.setDaemon(true);
    return thread;
  }
}
