package dev.fleetway.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.RunnerPod;
import dev.fleetway.runner.testing.SampleBundle;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as the pod starts it: its own JVM, the packaged jars, files and environment. */
class RunnerProcessIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "correct-horse";

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
    pod.environment(PodContract.ENV_GRACE_SECONDS, "10");
  }

  @AfterEach
  void closePod() {
    pod.close();
  }

  @Test
  void migratesACohortAndLeaksNothing() throws Exception {
    SampleBundle.copyTo(pod.bundle());
    tenant("good");
    tenant("wrongpassword");
    TestTenants.writeLogin(pod.credentials(), "wrongpassword-db", "wrongpassword", "stolen-horse");
    tenant("duplicates");
    assertThat(run("109").waitFor()).isEqualTo(PodContract.EXIT_DONE);
    Files.delete(pod.output());
    server.execute(
        "duplicates",
        "INSERT INTO customers (full_name, email) VALUES ('Ada', 'ada@row.test'), ('Eve',"
            + " 'ADA@row.test')");
    members.forEach(member -> api.put(withoutStatus(member)));

    Process process = run("112");

    assertThat(process.waitFor()).isEqualTo(PodContract.EXIT_DONE);
    TerminationMessage.RunSummary summary = pod.message().summary();
    assertThat(summary.succeeded()).isEqualTo(1);
    assertThat(summary.failed()).isEqualTo(2);
    assertThat(api.lastRun("good").toVersion()).isEqualTo("112");
    assertThat(api.lastRun("wrongpassword").reason()).isEqualTo(TenantReason.AuthenticationFailed);
    assertThat(api.lastRun("duplicates").reason()).isEqualTo(TenantReason.ConstraintViolation);
    List<JsonNode> log = log();
    assertThat(lines(log, "start"))
        .containsExactlyInAnyOrder("good", "wrongpassword", "duplicates");
    assertThat(lines(log, "end")).containsExactlyInAnyOrder("good", "wrongpassword", "duplicates");
    assertThat(log)
        .filteredOn(line -> line.path("message").asText().equals("end"))
        .allSatisfy(
            line ->
                assertThat(line.properties().stream().map(Map.Entry::getKey).toList())
                    .contains("run", "cohort", "attempt", "tenant", "outcome", "durationMillis"));
    assertThat(
            Files.readString(pod.output()) + JSON.writeValueAsString(pod.message()) + api.patches())
        .doesNotContain("horse", "row.test", "ADA");
  }

  @Test
  void sigtermCancelsTheBackendAndEndsWith75() throws Exception {
    pod.script("V1__slow.sql", "SELECT pg_sleep(120);");
    tenant("slow");
    tenant("next");
    Process process = run("1");
    Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> !sleeping().isEmpty());

    process.destroy();

    assertThat(process.waitFor()).isEqualTo(PodContract.EXIT_INTERRUPTED);
    assertThat(sleeping()).isEmpty();
    assertThat(api.patches()).isEmpty();
    assertThat(pod.message().summary().inFlight()).containsExactly("slow");
    assertThat(pod.message().summary().notStarted()).isEqualTo(1);
  }

  @Test
  void aKilledPodLeavesNoBackendAtWorkAndTheNextOneFinishes() throws Exception {
    pod.script(
        "V1__slow.sql",
        "CREATE TABLE slow (a int);"
            + " SELECT pg_sleep(CASE nextval('outside.starts') WHEN 1 THEN 600 ELSE 0 END);");
    tenant("killed");
    // Unlike a table a sequence remembers the first start, whose transaction never commits.
    server.execute(
        "killed",
        "CREATE SCHEMA outside AUTHORIZATION killed;"
            + " CREATE SEQUENCE outside.starts; ALTER SEQUENCE outside.starts OWNER TO killed");
    Process process = run("1");
    Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> !sleeping().isEmpty());
    process.destroyForcibly().waitFor();

    // The server looks every 2 seconds; the tenant timeout of 60 would come much later.
    Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> backends("killed").isEmpty());
    Process replacement = run("1");

    assertThat(replacement.waitFor()).isEqualTo(PodContract.EXIT_DONE);
    assertThat(api.lastRun("killed").outcome().isSuccess()).isTrue();
    assertThat(server.query("killed", "SELECT version FROM flyway_schema_history"))
        .containsExactly("1");
  }

  @Test
  void anotherBundleThanTheInspectedOneIsPermanent() throws Exception {
    pod.script("V1__one.sql", "SELECT 1;");
    tenant("untouched");
    assign("sha256:" + "0".repeat(64), "1");

    Process process = pod.run();

    assertThat(process.waitFor()).isEqualTo(PodContract.EXIT_PERMANENT);
    assertThat(pod.message().error().reason()).isEqualTo("BundleChanged");
    assertThat(api.patches()).isEmpty();
  }

  @Test
  void anErrorOfTheJvmIsAFailureThatKubernetesCounts() throws Exception {
    pod.script("V1__one.sql", "SELECT 1;");
    tenant("untouched");
    assign(BundleReader.read(pod.bundle()).digest(), "1");
    List<String> withoutFlyway;
    try (Stream<Path> libraries = Files.list(Path.of("target", "lib"))) {
      withoutFlyway =
          libraries.map(Path::toString).filter(jar -> !jar.contains("flyway-")).toList();
    }

    Process process =
        start(
            PodContract.COMMAND_RUN,
            "target/fleetway-runner.jar:" + String.join(":", withoutFlyway));

    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  void inspectReportsTheBundle() throws Exception {
    SampleBundle.copyTo(pod.bundle());

    assertThat(start(PodContract.COMMAND_INSPECT, RunnerPod.CLASS_PATH).waitFor())
        .isEqualTo(PodContract.EXIT_DONE);

    TerminationMessage.BundleReport report = pod.message().bundle();
    assertThat(report.digest()).isEqualTo(BundleReader.read(pod.bundle()).digest());
    assertThat(report.headVersion()).isEqualTo("112");
    assertThat(report.codeFloors()).containsExactly(new CodeFloor("111", "2.14.0"));
  }

  @Test
  void inspectRefusesABundleAndSaysWhy() throws Exception {
    pod.script("V1__one.sql", "SELECT 1;");
    pod.script("afterMigrate.sh", "echo");

    assertThat(start(PodContract.COMMAND_INSPECT, RunnerPod.CLASS_PATH).waitFor())
        .isEqualTo(PodContract.EXIT_PERMANENT);

    assertThat(pod.message().error().reason()).isEqualTo("InvalidBundle");
    assertThat(pod.message().error().message()).contains("afterMigrate.sh");
  }

  private void tenant(String name) {
    server.createDatabase(name, name, PASSWORD);
    TestTenants.writeLogin(pod.credentials(), TestTenants.secret(name), name, PASSWORD);
    Tenant tenant = TestTenants.tenant(name, TestTenants.database(server, name));
    api.put(tenant);
    members.add(TestTenants.member(tenant));
  }

  private static Tenant withoutStatus(Assignment.Member member) {
    return TestTenants.tenant(member.name(), member.database());
  }

  private void assign(String digest, String head) throws IOException {
    pod.assign(TestTenants.assignment(digest, head, 1, 60_000, 1_000, members.size() + 1, members));
  }

  private Process run(String head) throws IOException {
    assign(BundleReader.read(pod.bundle()).digest(), head);
    return pod.run();
  }

  private Process start(String command, String classPath) throws IOException {
    return pod.start(Path.of(System.getProperty("java.home")), classPath, command);
  }

  private static List<String> sleeping() {
    return server.query(
        "postgres", "SELECT datname FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
  }

  private static List<String> backends(String database) {
    return server.query(
        "postgres", "SELECT pid::text FROM pg_stat_activity WHERE datname = ?", database);
  }

  private List<JsonNode> log() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(pod.output())) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static List<String> lines(List<JsonNode> log, String message) {
    return log.stream()
        .filter(line -> line.path("message").asText().equals(message))
        .map(line -> line.path("tenant").asText())
        .toList();
  }
}
