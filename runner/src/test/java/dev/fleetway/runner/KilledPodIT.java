package dev.fleetway.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.RunnerPod;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGKILL at random moments, each followed by another pod at once, over databases and schemas,
 * transactional scripts and {@code CONCURRENTLY}. Whenever a pod comes through, a new run with more
 * scripts begins. {@code -Dfleetway.kills=500} is the long mode, {@code -Dfleetway.seed=…} repeats
 * the moments, though not what they hit.
 */
class KilledPodIT {
  private static final Logger LOG = LoggerFactory.getLogger(KilledPodIT.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "correct-horse";
  private static final int KILLS = Integer.getInteger("fleetway.kills", 20);
  private static final long SEED = Long.getLong("fleetway.seed", System.nanoTime());
  private static final int SCRIPTS_PER_RUN = 4;

  private static TestPostgres server;

  @TempDir private Path directory;

  private final RecordingTenantApi api = new RecordingTenantApi();
  private final List<TenantSpec.Database> fleet = new ArrayList<>();
  private final List<Assignment.Member> members = new ArrayList<>();
  private final Random chance = new Random(SEED);
  private RunnerPod pod;
  private int run;
  private int kills;
  private int killsAtWork;
  private long startMillis;
  private long workMillis;

  @BeforeAll
  static void startPostgres() {
    server = TestPostgres.shared(TestPostgres.Version.NEWEST);
  }

  @BeforeEach
  void createFleet() throws IOException {
    pod = new RunnerPod(directory, api);
    for (int i = 0; i < 6; i++) {
      database("killed" + i);
      tenant("killed" + i, "killed" + i, "public");
    }
    database("killedshared");
    for (String schema : List.of("one", "two", "three")) {
      server.execute("killedshared", "CREATE SCHEMA " + schema + " AUTHORIZATION killedshared");
      tenant("killed-" + schema, "killedshared", schema);
    }
  }

  @AfterEach
  void closePod() {
    pod.close();
  }

  @Test
  void everyTenantArrivesOnceHoweverOftenThePodIsKilled() throws Exception {
    LOG.info("{} kills, seed {}", KILLS, SEED);
    nextRun();
    long begin = System.nanoTime();
    Process first = start();
    awaitWork(first);
    long work = System.nanoTime();
    finish(first);
    startMillis = TimeUnit.NANOSECONDS.toMillis(work - begin);
    workMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - work);
    nextRun();

    while (kills < KILLS) {
      Process process = start();
      if (waitForAMoment(process)) {
        finish(process);
        nextRun();
      } else {
        kill(process);
      }
    }
    finish(start());

    nothingIsLeftBehind();
    assertThat(killsAtWork).as("kills that hit a tenant in work").isGreaterThanOrEqualTo(KILLS / 4);
  }

  /** Most often while there is something to break. True when the pod has ended before that. */
  private boolean waitForAMoment(Process process) throws InterruptedException {
    if (chance.nextInt(5) == 0) {
      return process.waitFor(chance.nextLong(startMillis), TimeUnit.MILLISECONDS);
    }
    long millis = chance.nextLong(workMillis / 2);
    awaitWork(process);
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  private static void awaitWork(Process process) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(1))
        .until(() -> !process.isAlive() || !sessions().isEmpty());
  }

  private void kill(Process process) throws InterruptedException {
    int working = sessions().size();
    process.destroyForcibly();
    // One that ended by itself in this moment is no kill: the next pod finds everything done.
    if (process.waitFor() != 128 + 9) {
      return;
    }
    // Half of the servers notice at once that their client is gone, the others go on for a while.
    boolean noticed = chance.nextBoolean();
    if (noticed) {
      server.execute(
          "postgres",
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name ~ '^fleetway'");
    }
    kills++;
    killsAtWork += working > 0 ? 1 : 0;
    LOG.info(
        "kill {} of {} in run {}, {} sessions{}",
        kills,
        KILLS,
        run,
        working,
        noticed ? ", noticed" : "");
  }

  /** The pod comes through, and the run with it. */
  private void finish(Process process) throws InterruptedException, IOException {
    assertThat(process.waitFor()).as(this::lastWords).isEqualTo(PodContract.EXIT_DONE);
    int head = run * SCRIPTS_PER_RUN;
    List<String> versions = IntStream.rangeClosed(1, head).mapToObj(Integer::toString).toList();
    for (TenantSpec.Database tenant : fleet) {
      assertThat(
              query(tenant, "SELECT version FROM %s.flyway_schema_history ORDER BY installed_rank"))
          .isEqualTo(versions);
      assertThat(query(tenant, "SELECT script FROM %s.ran ORDER BY script::int"))
          .as("scripts that ran in %s.%s", tenant.name(), tenant.schema())
          .isEqualTo(versions.stream().filter(version -> !isConcurrent(version)).toList());
      assertThat(
              query(
                  tenant,
                  "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
                      + " WHERE relnamespace = '%s'::regnamespace AND relname ~ '^concurrently'"
                      + " AND indisvalid"))
          .hasSize(run);
    }
    everyOutcomeWasWrittenOnce();
  }

  private void everyOutcomeWasWrittenOnce() throws JsonProcessingException {
    Map<String, JsonNode> outcomes = new HashMap<>();
    for (String patch : api.patches()) {
      String uid = null;
      JsonNode lastRun = null;
      for (JsonNode operation : JSON.readTree(patch)) {
        switch (operation.path("path").asText()) {
          case "/metadata/uid" -> uid = operation.path("value").asText();
          case "/status/lastRun" -> lastRun = operation.path("value");
          default -> {}
        }
      }
      assertThat(uid).isNotNull();
      assertThat(lastRun).isNotNull();
      String key = lastRun.path("uid").asText() + " " + uid;
      assertThat(outcomes.put(key, lastRun)).as("an outcome before: %s", key).isNull();
      assertThat(lastRun.path("outcome").asText())
          .as(lastRun.toString())
          .isIn("Succeeded", "AlreadyCurrent");
    }
    assertThat(outcomes).hasSize(run * members.size());
    for (Assignment.Member member : members) {
      LastRun last = api.lastRun(member.name());
      assertThat(last.uid()).isEqualTo("run-" + run);
      assertThat(last.toVersion()).isEqualTo(Integer.toString(run * SCRIPTS_PER_RUN));
    }
  }

  private static void nothingIsLeftBehind() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(sessions()).isEmpty());
    assertThat(
            server.query("postgres", "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory'"))
        .isEmpty();
    assertThat(server.query("postgres", "SELECT gid FROM pg_prepared_xacts")).isEmpty();
  }

  /** More scripts, another bundle, another run. */
  private void nextRun() throws IOException {
    run++;
    int version = (run - 1) * SCRIPTS_PER_RUN;
    String table = "orders_" + run;
    if (run == 1) {
      pod.script(
          "V1__begin.sql",
          "CREATE TABLE ran (script text); CREATE TABLE orders_1 (id int);" + ran(1));
    } else {
      pod.script(
          "V%d__table.sql".formatted(version + 1),
          "CREATE TABLE %s (id int);".formatted(table) + ran(version + 1));
    }
    pod.script(
        "V%d__rows.sql".formatted(version + 2),
        "INSERT INTO %s SELECT generate_series(1, 2000);".formatted(table) + ran(version + 2));
    pod.script(
        "V%d__index.sql".formatted(version + 3),
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS concurrently_%d ON %s (id);"
            .formatted(run, table));
    pod.script(
        "V%d__column.sql".formatted(version + 4),
        "ALTER TABLE %s ADD COLUMN note text;".formatted(table) + ran(version + 4));
    pod.assign(
        new Assignment(
            "shop",
            "v" + run,
            "run-" + run,
            1,
            1,
            Mode.Apply,
            Assignment.Migrations.upTo(
                BundleReader.read(pod.bundle()).digest(), Integer.toString(version + 4)),
            new Assignment.Limits(3, 3, 60_000, 5_000, 2, members.size() + 1),
            members,
            List.of()));
  }

  /** No unique index on it: a second run of the script would be seen, not refused. */
  private static String ran(int version) {
    return " INSERT INTO ran VALUES ('%d'); SELECT pg_sleep(0.03);".formatted(version);
  }

  private static boolean isConcurrent(String version) {
    return Integer.parseInt(version) % SCRIPTS_PER_RUN == 3;
  }

  private Process start() throws IOException {
    Files.deleteIfExists(pod.output());
    return pod.run("-XX:TieredStopAtLevel=1");
  }

  private void database(String name) {
    server.createDatabase(name, name.replaceAll("\\d", ""), PASSWORD);
    TestTenants.writeLogin(
        pod.credentials(), TestTenants.secret(name), name.replaceAll("\\d", ""), PASSWORD);
  }

  private void tenant(String name, String database, String schema) {
    TenantSpec.Database place =
        TestTenants.database(server.host(), server.port(), database, schema, null);
    Tenant tenant = TestTenants.tenant(name, place);
    api.put(tenant);
    fleet.add(place);
    members.add(TestTenants.member(tenant));
  }

  private static List<String> query(TenantSpec.Database tenant, String sql) {
    return server.query(tenant.name(), sql.formatted(tenant.schema()));
  }

  private static List<String> sessions() {
    return server.query(
        "postgres", "SELECT pid::text FROM pg_stat_activity WHERE application_name ~ '^fleetway'");
  }

  private String lastWords() {
    try {
      return Files.readString(pod.output());
    } catch (IOException e) {
      return e.toString();
    }
  }
}
