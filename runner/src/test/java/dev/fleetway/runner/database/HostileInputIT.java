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
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.WrappedFactory;

/** Hostile Tenants and Secrets: none of them makes the runner do more than it was asked to. */
class HostileInputIT {
  private static final long SEED = 20_261_121;
  private static final int NAMES = 12_000;
  private static final int LOGINS = 1_500;
  private static final String CANARY_FILE = "/tmp/fleetway-canary";

  @TempDir private Path credentials;
  @TempDir private Path directory;

  private final AtomicInteger trapped = new AtomicInteger();
  private ScheduledExecutorService timer;
  private ServerSocket trap;
  private LoginStub server;
  private HostileValues values;
  private Bundle bundle;

  /** Where a value is put. */
  private enum Field {
    HOST,
    PORT,
    NAME,
    SCHEMA,
    ROLE,
    EXTENSION_SCHEMA,
    SECRET,
    USERNAME_KEY,
    PASSWORD_KEY,
    CA_KEY,
    CERT_KEY,
    KEY_KEY
  }

  @BeforeEach
  void start() throws IOException {
    timer = Executors.newScheduledThreadPool(1);
    trap = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread catcher = new Thread(this::count, "trap");
    catcher.setDaemon(true);
    catcher.start();
    server = new LoginStub();
    values = new HostileValues(SEED, "127.0.0.1:" + trap.getLocalPort());
    Files.writeString(directory.resolve("V1__one.sql"), "CREATE TABLE one (a int);");
    bundle = BundleReader.read(directory);
    TestTenants.writeLogin(credentials, "acme-db", "acme", "secret");
  }

  @AfterEach
  void stop() throws IOException {
    timer.shutdownNow();
    trap.close();
    server.close();
  }

  @Test
  void noNameOfATenantReachesTheDriverAsMoreThanAName() {
    Map<Field, Integer> refused = new EnumMap<>(Field.class);
    int count = 0;
    for (String value : values.values(NAMES).toList()) {
      Field field = Field.values()[count++ % Field.values().length];
      TenantResult result = migrate(database(field, value));

      assertThat(result.outcome()).isEqualTo(Outcome.Failed);
      assertThat(result.message()).doesNotContain("SmuggledCanary", "DROP TABLE", "socketFactory");
      if (result.reason() == TenantReason.InvalidTarget) {
        refused.merge(field, 1, Integer::sum);
      } else {
        // What is left is a name after all, such as the "a" 300 times that may be a Secret's key.
        assertThat(value).as("%s", field).matches("[-._a-zA-Z0-9$]*");
      }
    }
    assertThat(refused).containsOnlyKeys(Field.values());
    assertThat(server.seen())
        .allSatisfy(
            login -> {
              assertThat(login.parameters()).containsEntry("user", "acme");
              assertOnlyKnownParameters(login);
            });
    assertNothingHappened();
  }

  @Test
  void userAndPasswordArriveAsTheyAreOrNotAtAll() throws IOException {
    int sent = 0;
    for (String value : values.values(LOGINS).toList()) {
      String user = value;
      String password = values.next();
      TestTenants.writeLogin(credentials, "acme-db", user, password);

      TenantResult result = migrate(database(Field.PORT, Integer.toString(server.port())));

      assertThat(result.outcome()).isEqualTo(Outcome.Failed);
      assertThat(result.message()).doesNotContain("SmuggledCanary", "DROP TABLE", "socketFactory");
      if (user.contains("\0") || password.contains("\0")) {
        assertThat(result.reason()).isEqualTo(TenantReason.SecretMissing);
      } else if (server.seen().size() > sent) {
        LoginStub.Seen login = server.seen().get(sent++);
        assertThat(login.parameters())
            .containsEntry("user", withoutLastLineBreak(user))
            .containsEntry("database", "acme");
        assertThat(login.password()).isEqualTo(withoutLastLineBreak(password));
        assertOnlyKnownParameters(login);
      }
    }
    assertThat(sent).isGreaterThan(LOGINS / 2);
    assertNothingHappened();
  }

  @Test
  void theCanaryIsLoadedWhereTheDriverIsHandedAHostUnchecked() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(
        new String[] {"localhost/acme?socketFactory=" + Control.class.getName() + "&y="});
    source.setUser("acme");

    assertThat(fails(source)).isTrue();

    assertThat(CONTROL_LOADED.get()).isPositive();
  }

  private static final AtomicInteger CONTROL_LOADED = new AtomicInteger();

  /** Shows that the way of the canary exists. */
  public static final class Control extends WrappedFactory {
    static {
      CONTROL_LOADED.incrementAndGet();
    }
  }

  private static boolean fails(PGSimpleDataSource source) {
    try {
      source.getConnection().close();
      return false;
    } catch (SQLException e) {
      return true;
    }
  }

  private void assertNothingHappened() {
    assertThat(SmuggledCanary.Loaded.FLAG).isFalse();
    assertThat(trapped).hasValue(0);
    assertThat(Path.of(CANARY_FILE)).doesNotExist();
  }

  private static void assertOnlyKnownParameters(LoginStub.Seen login) {
    assertThat(login.parameters().keySet())
        .isSubsetOf(
            "user",
            "database",
            "client_encoding",
            "DateStyle",
            "TimeZone",
            "extra_float_digits",
            "application_name",
            "options");
    if (login.parameters().containsKey("options")) {
      assertThat(login.parameters().get("options")).doesNotContain("other", "role");
    }
  }

  private static String withoutLastLineBreak(String value) {
    return value.replaceFirst("\\r?\\n\\z", "");
  }

  private void count() {
    while (!trap.isClosed()) {
      try {
        trap.accept().close();
        trapped.incrementAndGet();
      } catch (IOException e) {
        return;
      }
    }
  }

  private TenantSpec.Database database(Field field, String value) {
    return new TenantSpec.Database(
        field == Field.HOST ? value : "localhost",
        field == Field.PORT ? port(value) : Integer.valueOf(server.port()),
        field == Field.NAME ? value : "acme",
        field == Field.SCHEMA ? value : "public",
        field == Field.EXTENSION_SCHEMA ? List.of("public", value) : null,
        field == Field.ROLE ? value : null,
        SslMode.DISABLE,
        new CredentialsSecretRef(
            field == Field.SECRET ? value : "acme-db",
            field == Field.USERNAME_KEY ? value : null,
            field == Field.PASSWORD_KEY ? value : null,
            field == Field.CA_KEY ? value : null,
            field == Field.CERT_KEY ? value : field == Field.KEY_KEY ? "crt" : null,
            field == Field.KEY_KEY ? value : field == Field.CERT_KEY ? "key" : null));
  }

  /** A number of its own, or one far from any port. */
  private static int port(String value) {
    return value.matches("[0-9]{1,5}")
        ? Integer.parseInt(value)
        : -Math.abs(value.hashCode() % 9999);
  }

  private TenantResult migrate(TenantSpec.Database database) {
    Assignment assignment =
        TestTenants.assignment(bundle.digest(), "1", 1, 10_000, 1_000, 1, List.of());
    return new TenantMigration(
            assignment, bundle, bundle.newest(), credentials, Clock.systemUTC(), System::nanoTime)
        .perform(
            new Assignment.Member("acme", "uid", 0, database), new StopSwitch(timer), retry -> {})
        .orElseThrow();
  }
}
