package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.database.session.StopSwitch;
import dev.fleetway.runner.testing.Provokes;
import dev.fleetway.runner.testing.TestCertificates;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong before the first statement, each provoked for real. */
class ConnectionIT {
  private static final String PASSWORD = "correct-horse";

  private static TestPostgres server;
  private static ScheduledExecutorService timer;

  @TempDir private Path credentials;
  @TempDir private Path directory;

  private Clock clock = Clock.systemUTC();

  @BeforeAll
  static void start() {
    server = TestPostgres.shared(TestPostgres.Version.NEWEST);
    server.createDatabase("acme", "acme-owner", PASSWORD);
    timer = Executors.newScheduledThreadPool(1);
  }

  @AfterAll
  static void stop() {
    timer.shutdownNow();
  }

  @Test
  @Provokes(TenantReason.ConnectionRefused)
  void nothingListens() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }

    assertThat(failure(at("localhost", closed)).reason()).isEqualTo(TenantReason.ConnectionRefused);
  }

  @Test
  @Provokes(TenantReason.ConnectionTimeout)
  void aServerThatNeverAnswersIsAConnectionTimeoutAndNoTenantTimeout() throws IOException {
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TenantResult result = migrate(at("localhost", silent.getLocalPort()), Duration.ofSeconds(13));

      assertThat(result.reason()).isEqualTo(TenantReason.ConnectionTimeout);
      assertThat(result.tries()).isEqualTo(2);
      assertThat(result.duration()).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void aServerThatHangsUpIsNotATimeout() throws IOException {
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);
    try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread hangsUp = new Thread(() -> hangUp(rude));
      hangsUp.start();

      assertThat(migrate(at("localhost", rude.getLocalPort()), Duration.ofSeconds(2)).reason())
          .isEqualTo(TenantReason.ConnectionRefused);
    }
  }

  @Test
  void aSilentServerKeepsNoThread() throws IOException {
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TenantSpec.Database database =
          new TenantSpec.Database(
              "localhost",
              silent.getLocalPort(),
              "acme",
              null,
              null,
              null,
              SslMode.DISABLE,
              new CredentialsSecretRef("acme-db", null, null, null, null, null));

      assertThat(migrate(database, Duration.ofSeconds(1)).outcome()).isEqualTo(Outcome.Failed);

      Awaitility.await()
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(thread -> thread.getName().startsWith("PostgreSQL JDBC driver")));
    }
  }

  @Test
  void aShortTenantTimeoutCoversTheConnectionToo() throws IOException {
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TenantResult result = migrate(at("localhost", silent.getLocalPort()), Duration.ofMillis(500));

      assertThat(result.reason()).isEqualTo(TenantReason.TenantTimeout);
      assertThat(result.duration()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void aWallClockThatIsPutForwardIsNoTimeout() throws IOException {
    clock = new LeapingClock();
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);

    TenantResult result = migrate(TestTenants.database(server, "acme"));

    assertThat(result.outcome().isSuccess()).isTrue();
    assertThat(result.duration()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
  }

  @Test
  void theServerAdmitsNobodyWithoutTls() throws IOException {
    try (TestPostgres strict = TestPostgres.start(TestPostgres.Version.NEWEST)) {
      strict.createDatabase("acme", "acme-owner", PASSWORD);
      String file = strict.query("postgres", "SHOW hba_file").get(0);
      strict.writeServerFile(file, "local all all trust\nhostssl all all all scram-sha-256");
      strict.execute("postgres", "SELECT pg_reload_conf()");
      TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);

      TenantResult result = migrate(TestTenants.database(strict, "acme"));

      assertThat(result.reason()).isEqualTo(TenantReason.AuthenticationFailed);
      assertThat(result.sqlState()).isEqualTo("28000");
      assertThat(result.message())
          .contains("no pg_hba.conf entry", "probably the server demands TLS", "sslMode");
    }
  }

  @Test
  @Provokes(TenantReason.HostUnknown)
  void theHostDoesNotResolve() {
    assertThat(failure(at("no-such-host.invalid", 5432)).reason())
        .isEqualTo(TenantReason.HostUnknown);
  }

  @Test
  @Provokes(TenantReason.AuthenticationFailed)
  void thePasswordIsWrong() {
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", "wrong-horse");

    TenantResult result = migrate(TestTenants.database(server, "acme"));

    assertThat(result.reason()).isEqualTo(TenantReason.AuthenticationFailed);
    assertThat(result.sqlState()).isEqualTo("28P01");
    assertThat(result.message()).doesNotContain("horse");
  }

  @Test
  @Provokes(TenantReason.SecretMissing)
  void theSecretOrItsKeyIsMissing() throws IOException {
    TenantResult noSecret = migrate(TestTenants.database(server, "acme"));
    Files.createDirectories(credentials.resolve("acme-db"));
    Files.writeString(credentials.resolve("acme-db").resolve("username"), "acme-owner");
    TenantResult noKey = migrate(TestTenants.database(server, "acme"));

    assertThat(noSecret.reason()).isEqualTo(TenantReason.SecretMissing);
    assertThat(noKey.reason()).isEqualTo(TenantReason.SecretMissing);
    assertThat(noKey.message()).contains("acme-db", "password");
  }

  @Test
  @Provokes(TenantReason.DatabaseMissing)
  void theDatabaseDoesNotExist() {
    TestTenants.writeLogin(credentials, "nowhere-db", "acme-owner", PASSWORD);

    TenantResult result = migrate(TestTenants.database(server, "nowhere"));

    assertThat(result.reason()).isEqualTo(TenantReason.DatabaseMissing);
    assertThat(result.sqlState()).isEqualTo("3D000");
  }

  @Test
  void theRoleDoesNotExist() {
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);

    TenantResult result =
        migrate(TestTenants.database(server.host(), server.port(), "acme", "public", "nobody"));

    assertThat(result.outcome()).isEqualTo(Outcome.Failed);
    assertThat(result.reason()).isEqualTo(TenantReason.InsufficientPrivilege);
    assertThat(result.message()).contains("nobody");
  }

  @Test
  @Provokes(TenantReason.InvalidTarget)
  void namesThatSmuggleParametersNeverReachTheDriver() {
    TenantSpec.Database host = at("localhost/acme?socketFactory=X&y=", server.port());

    TenantResult result = migrate(host);

    assertThat(result.reason()).isEqualTo(TenantReason.InvalidTarget);
    assertThat(result.message()).contains("spec.database.host").doesNotContain("socketFactory");
  }

  @Test
  void loginsWithALineBreakAtTheEndOfTheFileWork() {
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner\n", PASSWORD + "\n");

    assertThat(migrate(TestTenants.database(server, "acme")).outcome().isSuccess()).isTrue();
  }

  @Test
  @Provokes(TenantReason.TlsFailed)
  void verifiesTheCertificateOfTheServerAndItsName() throws IOException {
    TestCertificates ours = TestCertificates.forHost("localhost");
    TestCertificates others = TestCertificates.forHost("localhost");
    server.writeServerFile("test.crt", ours.certificate());
    server.writeServerFile("test.key", ours.key());
    server.execute("postgres", "ALTER SYSTEM SET ssl_cert_file = 'test.crt'");
    server.execute("postgres", "ALTER SYSTEM SET ssl_key_file = 'test.key'");
    server.execute("postgres", "ALTER SYSTEM SET ssl = on");
    server.execute("postgres", "SELECT pg_reload_conf()");
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);
    Path secret = credentials.resolve("acme-db");
    Files.writeString(secret.resolve("ca"), ours.authority());
    Files.writeString(secret.resolve("other"), others.authority());

    try {
      certificatesAndNamesAreLookedAt();
    } finally {
      server.execute("postgres", "ALTER SYSTEM RESET ssl");
      server.execute("postgres", "SELECT pg_reload_conf()");
    }
  }

  private void certificatesAndNamesAreLookedAt() {
    assertThat(migrate(tls("localhost", SslMode.VERIFY_FULL, "ca")).outcome().isSuccess()).isTrue();
    assertThat(migrate(tls("127.0.0.1", SslMode.VERIFY_CA, "ca")).outcome().isSuccess()).isTrue();
    assertThat(migrate(tls("localhost", SslMode.REQUIRE, null)).outcome().isSuccess()).isTrue();
    assertThat(migrate(tls("127.0.0.1", SslMode.VERIFY_FULL, "ca")).reason())
        .isEqualTo(TenantReason.TlsFailed);
    assertThat(migrate(tls("localhost", SslMode.VERIFY_CA, "other")).reason())
        .isEqualTo(TenantReason.TlsFailed);
    assertThat(migrate(tls("localhost", SslMode.VERIFY_FULL, null)).reason())
        .isEqualTo(TenantReason.TlsFailed);
    assertThat(migrate(tls("localhost", SslMode.VERIFY_FULL, "absent")).reason())
        .isEqualTo(TenantReason.SecretMissing);
  }

  /** An hour later each time it is asked. */
  private static final class LeapingClock extends Clock {
    private final AtomicInteger hours = new AtomicInteger();

    @Override
    public Instant instant() {
      return Instant.EPOCH.plus(Duration.ofHours(hours.incrementAndGet()));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static void hangUp(ServerSocket server) {
    try {
      while (true) {
        server.accept().close();
      }
    } catch (IOException e) {
      // The test has ended.
    }
  }

  private TenantResult failure(TenantSpec.Database database) {
    TestTenants.writeLogin(credentials, "acme-db", "acme-owner", PASSWORD);
    return migrate(database, Duration.ofSeconds(2));
  }

  private static TenantSpec.Database at(String host, int port) {
    return TestTenants.database(host, port, "acme", "public", null);
  }

  private static TenantSpec.Database tls(String host, SslMode mode, String caKey) {
    return new TenantSpec.Database(
        host,
        server.port(),
        "acme",
        null,
        null,
        null,
        mode,
        new CredentialsSecretRef("acme-db", null, null, caKey, null, null));
  }

  private TenantResult migrate(TenantSpec.Database database) {
    return migrate(database, Duration.ofSeconds(20));
  }

  private TenantResult migrate(TenantSpec.Database database, Duration timeout) {
    Bundle bundle = bundle();
    return new TenantMigration(
            TestTenants.assignment(
                bundle.digest(), "1", 1, timeout.toMillis(), 1_000, 1, List.of()),
            bundle,
            bundle.newest(),
            credentials,
            clock,
            System::nanoTime)
        .perform(
            new Assignment.Member("acme", "uid-acme", 0, database),
            new StopSwitch(timer),
            retry -> {})
        .orElseThrow();
  }

  private Bundle bundle() {
    try {
      Files.writeString(directory.resolve("V1__one.sql"), "SELECT 1;");
      return BundleReader.read(directory);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
