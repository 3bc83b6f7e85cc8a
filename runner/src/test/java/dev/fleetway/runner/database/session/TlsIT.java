package dev.fleetway.runner.database.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.database.TenantSurvey;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.testing.SampleBundle;
import dev.fleetway.runner.testing.TestAuthority;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates of servers and of clients, against a PostgreSQL that does TLS and asks for them. */
class TlsIT {
  private static final String PASSWORD = "correct-horse";

  /** {@code acme} logs in by password, {@code shows} must show a certificate as well. */
  private static final String HBA =
      """
      local all all trust
      host all postgres all trust
      hostssl all shows all scram-sha-256 clientcert=verify-full
      hostssl all certifies all cert
      host all all all scram-sha-256
      """;

  private static TestAuthority authority;
  private static TestAuthority stranger;
  private static TestPostgres server;
  private static ScheduledExecutorService timer;
  private static Bundle bundle;

  @TempDir private Path credentials;
  private Path secret;

  @BeforeAll
  static void start(@TempDir Path sample) throws IOException {
    authority = TestAuthority.create();
    stranger = TestAuthority.create();
    bundle = BundleReader.read(SampleBundle.copyTo(sample));
    timer = Executors.newScheduledThreadPool(1);
    server = TestPostgres.start(TestPostgres.Version.NEWEST);
    for (String user : List.of("acme", "shows", "certifies")) {
      server.createDatabase(user, user, PASSWORD);
    }
    server.writeServerFile("ca.crt", authority.pem());
    server.writeServerFile(
        Path.of(server.query("postgres", "SHOW hba_file").get(0)).toString(), HBA);
    use(authority.server("localhost"));
  }

  @AfterAll
  static void stop() {
    timer.shutdownNow();
    server.close();
  }

  @BeforeEach
  void writeSecret() throws IOException {
    secret = credentials.resolve("acme-db");
    login("acme");
    Files.writeString(secret.resolve("ca"), authority.pem());
    Files.writeString(secret.resolve("other"), stranger.pem());
    Files.writeString(secret.resolve("broken"), "-----BEGIN CERTIFICATE-----\nTOPSECRET\n");
  }

  @Test
  void theRightAuthorityAndTheRightNameAreAccepted() {
    accepted(database("localhost", SslMode.VERIFY_FULL, "ca"));
    accepted(database("localhost", SslMode.VERIFY_CA, "ca"));
  }

  @Test
  void anotherNameIsRefusedWhereTheNameCounts() {
    accepted(database("127.0.0.1", SslMode.VERIFY_CA, "ca"));
    refused(
        database("127.0.0.1", SslMode.VERIFY_FULL, "ca"),
        TenantReason.TlsFailed,
        "not for this host name");
  }

  @Test
  void anotherAuthorityIsRefused() {
    for (SslMode mode : List.of(SslMode.VERIFY_CA, SslMode.VERIFY_FULL)) {
      refused(
          database("localhost", mode, "other"), TenantReason.TlsFailed, "signed by no authority");
      refused(database("localhost", mode, null), TenantReason.TlsFailed, "signed by no authority");
    }
  }

  @Test
  void anExpiredCertificateIsRefusedWhereItIsLookedAt() {
    use(authority.expiredServer("localhost"));
    try {
      refused(
          database("localhost", SslMode.VERIFY_FULL, "ca"), TenantReason.TlsFailed, "has expired");
      refused(
          database("localhost", SslMode.VERIFY_CA, "ca"), TenantReason.TlsFailed, "has expired");
      accepted(database("localhost", SslMode.REQUIRE, null));
    } finally {
      use(authority.server("localhost"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PREFER", "REQUIRE"})
  void theOtherModesEncryptAndAskForNothing(SslMode mode) {
    accepted(database("127.0.0.1", mode, null));
    assertThat(isEncrypted(mode)).isEqualTo("t");
  }

  @Test
  void disabledMeansPlainText() {
    assertThat(isEncrypted(SslMode.DISABLE)).isEqualTo("f");
  }

  @Test
  void requireDoesNotFallBackToPlainText() {
    server.execute("postgres", "ALTER SYSTEM SET ssl = off");
    server.execute("postgres", "SELECT pg_reload_conf()");
    try {
      refused(
          database("localhost", SslMode.REQUIRE, null),
          TenantReason.AuthenticationFailed,
          "do not agree on TLS");
      accepted(database("localhost", SslMode.PREFER, null));
    } finally {
      use(authority.server("localhost"));
    }
  }

  @Test
  void brokenAuthoritiesAreNamedAndNotShown() {
    refused(
        database("localhost", SslMode.VERIFY_FULL, "broken"),
        TenantReason.TlsFailed,
        "key broken of the credentials Secret holds no certificate in PEM");
    refused(
        database("localhost", SslMode.VERIFY_FULL, "absent"),
        TenantReason.SecretMissing,
        "no key absent");
  }

  @Test
  void aClientCertificateIsShownBesideThePassword() throws IOException {
    login("shows");
    certificate(authority.client("shows"));
    accepted(client());

    certificate(authority.ellipticClient("shows"));
    accepted(client());
  }

  @Test
  void aClientCertificateAloneIsALoginToo() throws IOException {
    login("certifies");
    certificate(authority.client("certifies"));
    Files.delete(secret.resolve("password"));

    accepted(client());
  }

  @Test
  void aServerThatAsksForACertificateSaysSo() throws IOException {
    login("shows");

    refused(
        database("localhost", SslMode.VERIFY_FULL, "ca"),
        TenantReason.AuthenticationFailed,
        "client certificate");
  }

  @Test
  void theCertificateOfSomebodyElseIsRefused() throws IOException {
    login("shows");
    certificate(authority.client("acme"));
    // The server tells its log alone which of the two was wrong.
    refused(client(), TenantReason.AuthenticationFailed, "authentication failed");

    certificate(stranger.client("shows"));
    refused(client(), TenantReason.TlsFailed, "does not accept the client certificate");
  }

  @Test
  void whatIsWrongWithACertificateOrKeyIsSaidAndNotShown() throws IOException {
    login("shows");
    TestAuthority.Issued issued = authority.client("shows");
    String another = authority.client("shows").key();
    for (List<String> pair :
        List.of(
            List.of(another, "not the private key of the certificate in crt"),
            List.of(issued.keyEncrypted(), "encrypted key"),
            List.of(issued.keyAsPkcs1(), "openssl pkcs8 -topk8"),
            List.of("TOPSECRET", "holds no private key in PEM"),
            List.of(authority.ellipticClient("shows").key(), "fits the certificate"),
            List.of(
                "-----BEGIN PRIVATE KEY-----\nVE9QU0VDUkVU\n-----END PRIVATE KEY-----",
                "fits the certificate"))) {
      certificate(issued);
      Files.writeString(secret.resolve("key"), pair.get(0));
      refused(client(), TenantReason.TlsFailed, pair.get(1));
    }
    Files.delete(secret.resolve("key"));
    refused(client(), TenantReason.SecretMissing, "no key key");
    certificate(issued);
    Files.writeString(secret.resolve("crt"), "TOPSECRET");
    refused(client(), TenantReason.TlsFailed, "holds no certificate in PEM");
  }

  @Test
  void noKeyIsLeftWaitingForTheDriver() throws Exception {
    login("shows");
    certificate(authority.client("shows"));
    accepted(client());
    refused(
        database("127.0.0.1", SslMode.VERIFY_FULL, "ca"),
        TenantReason.TlsFailed,
        "not for this host name");

    assertThat(TlsSocketFactory.waiting()).isZero();
  }

  private static void use(TestAuthority.Issued certificate) {
    server.writeServerFile("server.crt", certificate.certificate());
    server.writeServerFile("server.key", certificate.key());
    server.execute("postgres", "ALTER SYSTEM SET ssl_cert_file = 'server.crt'");
    server.execute("postgres", "ALTER SYSTEM SET ssl_key_file = 'server.key'");
    server.execute("postgres", "ALTER SYSTEM SET ssl_ca_file = 'ca.crt'");
    server.execute("postgres", "ALTER SYSTEM SET ssl = on");
    server.execute("postgres", "SELECT pg_reload_conf()");
  }

  private void login(String user) {
    TestTenants.writeLogin(credentials, "acme-db", user, PASSWORD);
  }

  private void certificate(TestAuthority.Issued issued) throws IOException {
    Files.writeString(secret.resolve("crt"), issued.certificate());
    Files.writeString(secret.resolve("key"), issued.key());
  }

  private static TenantSpec.Database client() {
    return withSecret(
        "localhost",
        SslMode.VERIFY_FULL,
        new CredentialsSecretRef("acme-db", null, null, "ca", "crt", "key"));
  }

  private static TenantSpec.Database database(String host, SslMode mode, String caKey) {
    return withSecret(
        host, mode, new CredentialsSecretRef("acme-db", null, null, caKey, null, null));
  }

  private static TenantSpec.Database withSecret(
      String host, SslMode mode, CredentialsSecretRef secret) {
    return new TenantSpec.Database(host, server.port(), "acme", null, null, null, mode, secret);
  }

  private String isEncrypted(SslMode mode) {
    try (var connection =
            TenantSession.connect(
                database("localhost", mode, null),
                Login.read(
                    credentials, new CredentialsSecretRef("acme-db", null, null, null, null, null)),
                "test",
                Duration.ofSeconds(10));
        var row =
            connection
                .createStatement()
                .executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    } catch (SQLException | TenantFailure.TenantFailureException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accepted(TenantSpec.Database database) {
    assertThat(problems(database)).isEmpty();
  }

  private void refused(TenantSpec.Database database, TenantReason reason, String words) {
    assertThat(problems(database))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(reason);
              assertThat(problem.message())
                  .contains(words)
                  .doesNotContain("TOPSECRET", "VE9Q", "horse");
            });
  }

  /** A plan opens the connection as a migration does. */
  private List<Problem> problems(TenantSpec.Database database) {
    Assignment assignment =
        TestTenants.inModePlan(TestTenants.assignment(bundle.digest(), "112", List.of()));
    return new TenantSurvey(
            assignment,
            bundle,
            bundle.head(Optional.of("112")),
            credentials,
            Clock.systemUTC(),
            System::nanoTime)
        .perform(
            new Assignment.Member("acme", "uid", 0, database), new StopSwitch(timer), retry -> {})
        .orElseThrow()
        .problems();
  }
}
