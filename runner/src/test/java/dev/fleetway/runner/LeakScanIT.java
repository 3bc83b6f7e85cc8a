package dev.fleetway.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.RunnerPod;
import dev.fleetway.runner.testing.TestAuthority;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that comes out of a runner process, searched for marks that were put into passwords,
 * keys and rows. Each tenant fails in another way, and each way has the server, the driver or the
 * JDK speak of the marked value.
 */
class LeakScanIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET_MARK = "QQSECRETQQ";
  private static final String ROW_MARK = "QQROWQQ";
  private static final String PASSWORD = "pw-" + SECRET_MARK;

  /** What goes wrong depends on the database; its rows are in a schema of their own. */
  private static final String SCRIPT =
      """
      DO $$
      DECLARE note text := (SELECT note FROM outside.notes LIMIT 1);
      BEGIN
        CASE current_database()
          WHEN 'leak_raise' THEN RAISE EXCEPTION 'found %%', note USING DETAIL = note, HINT = note;
          WHEN 'leak_cast' THEN PERFORM note::int;
          WHEN 'leak_json' THEN PERFORM note::json;
          WHEN 'leak_unique' THEN CREATE UNIQUE INDEX once ON outside.notes (note);
          WHEN 'leak_check' THEN ALTER TABLE outside.notes ADD CONSTRAINT short CHECK (note = '');
          WHEN 'leak_execute' THEN EXECUTE 'SELEC ' || quote_literal(note);
          WHEN 'leak_literal' THEN EXECUTE 'SELECT ''%1$s''::int';
          WHEN 'leak_notice' THEN RAISE NOTICE '%%', note; RAISE WARNING '%%', note;
          WHEN 'leak_sleep' THEN PERFORM pg_sleep(600);
        END CASE;
      END $$;
      """
          .formatted(ROW_MARK);

  private static TestPostgres server;

  @TempDir private Path pod;

  private final RecordingTenantApi api = new RecordingTenantApi();
  private final List<Assignment.Member> members = new ArrayList<>();
  private RunnerPod runner;

  @BeforeAll
  static void startPostgres() {
    server = TestPostgres.shared(TestPostgres.Version.NEWEST);
  }

  @BeforeEach
  void createPod() throws IOException {
    runner = new RunnerPod(pod, api);
    runner.environment(PodContract.ENV_GRACE_SECONDS, "10");
    runner.script("V1__fails.sql", SCRIPT);
  }

  @AfterEach
  void closePod() {
    runner.close();
  }

  @Test
  void nothingOfSecretsAndRowsComesOut() throws Exception {
    List<String> failing =
        List.of("raise", "cast", "json", "unique", "check", "execute", "literal", "notice");
    failing.forEach(this::tenant);
    tenant("login");
    secret("login", "password", "another-" + SECRET_MARK);
    tenant("user");
    secret("user", "username", "nobody-" + SECRET_MARK);
    TestAuthority.Issued issued = TestAuthority.create().client("x");
    certified("certificate", SECRET_MARK, issued.key());
    certified("key", issued.certificate(), "-----BEGIN PRIVATE KEY-----\n" + SECRET_MARK);
    certified(
        "wrongkey",
        issued.certificate(),
        "-----BEGIN PRIVATE KEY-----\n" + SECRET_MARK + "\n-----END PRIVATE KEY-----");
    tenant("sleep");

    String seen = run(false) + run(true);

    assertThat(reason("raise")).isEqualTo(TenantReason.SqlError);
    assertThat(reason("cast")).isEqualTo(TenantReason.SqlError);
    assertThat(reason("json")).isEqualTo(TenantReason.SqlError);
    assertThat(reason("unique")).isEqualTo(TenantReason.ConstraintViolation);
    assertThat(reason("check")).isEqualTo(TenantReason.ConstraintViolation);
    assertThat(reason("execute")).isEqualTo(TenantReason.SqlError);
    assertThat(reason("literal")).isEqualTo(TenantReason.SqlError);
    assertThat(reason("notice")).isNull();
    assertThat(reason("login")).isEqualTo(TenantReason.AuthenticationFailed);
    assertThat(reason("user")).isEqualTo(TenantReason.AuthenticationFailed);
    for (String broken : List.of("certificate", "key", "wrongkey")) {
      assertThat(reason(broken)).isEqualTo(TenantReason.TlsFailed);
    }
    assertThat(seen)
        .contains("leak-raise", "tenant-1", "inFlight", "lastPlan", "lastRun", "Full thread dump")
        .doesNotContain(SECRET_MARK, ROW_MARK);
  }

  /** Runs the program to its end and returns all that it said, and what its threads looked like. */
  private String run(boolean plan) throws Exception {
    Assignment apply =
        TestTenants.assignment(
            BundleReader.read(pod.resolve("bundle")).digest(),
            "1",
            members.size(),
            60_000,
            1_000,
            members.size() + 1,
            members);
    JSON.writeValue(
        pod.resolve("assignment.json").toFile(), plan ? TestTenants.inModePlan(apply) : apply);
    Process process = runner.run();
    String threads = "";
    if (!plan) {
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> api.patches().size() == members.size() - 1 && isSleeping());
      threads = threads(process);
      process.destroy();
    }
    assertThat(process.waitFor())
        .isEqualTo(plan ? PodContract.EXIT_DONE : PodContract.EXIT_INTERRUPTED);
    return threads
        + Files.readString(pod.resolve("output"))
        + Files.readString(pod.resolve("termination-log"))
        + String.join("\n", api.patches());
  }

  private static boolean isSleeping() {
    return !server
        .query("postgres", "SELECT datname FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        .isEmpty();
  }

  private static String threads(Process runner) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(runner.pid()),
                "Thread.print",
                "-l")
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private void tenant(String kind) {
    add(kind, null);
  }

  private void certified(String kind, String certificate, String key) {
    add(kind, "crt");
    secret(kind, "crt", certificate);
    secret(kind, "key", key);
  }

  private void add(String kind, String certKey) {
    String name = "leak_" + kind;
    server.createDatabase(name, name, PASSWORD);
    server.execute(
        name,
        ("CREATE SCHEMA outside AUTHORIZATION %1$s; CREATE TABLE outside.notes AS SELECT '%2$s'::text"
                + " AS note FROM generate_series(1, 2); ALTER TABLE outside.notes OWNER TO %1$s")
            .formatted(name, "{note: " + ROW_MARK));
    TestTenants.writeLogin(pod.resolve("credentials"), secretName(kind), name, PASSWORD);
    TenantSpec.Database database =
        new TenantSpec.Database(
            server.host(),
            server.port(),
            name,
            null,
            null,
            null,
            SslMode.PREFER,
            new CredentialsSecretRef(
                secretName(kind), null, null, null, certKey, certKey == null ? null : "key"));
    Tenant tenant = TestTenants.tenant("leak-" + kind, database);
    api.put(tenant);
    members.add(TestTenants.member(tenant));
  }

  private void secret(String kind, String key, String value) {
    try {
      Files.writeString(pod.resolve("credentials").resolve(secretName(kind)).resolve(key), value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String secretName(String kind) {
    return "leak-" + kind + "-db";
  }

  private TenantReason reason(String kind) {
    return api.lastRun("leak-" + kind).reason();
  }
}
