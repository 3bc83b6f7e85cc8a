package dev.fleetway.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.outcome.TenantApi;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.RunnerPod;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lives in the heap of a pod that has all but one of its tenants behind it. A cohort has at
 * most 1,000 tenants; {@code -Dfleetway.tenants=10000} looks far beyond that.
 */
class PodMemoryIT {
  private static final Logger LOG = LoggerFactory.getLogger(PodMemoryIT.class);
  private static final int MANY = Integer.getInteger("fleetway.tenants", 1_000);

  /** Two pods with the same work differ by up to a mebibyte of 13, in what the JVM itself holds. */
  private static final long NOISE = 2 << 20;

  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

  private static TestPostgres server;

  @TempDir private Path directory;

  @BeforeAll
  static void startPostgres() {
    server = TestPostgres.shared(TestPostgres.Version.NEWEST);
    server.createDatabase("memory", "memory", "correct-horse");
  }

  @Test
  void theHeapHardlyGrowsWithTheNumberOfTenants() throws Exception {
    long few = liveBytesAfter(100);
    long many = liveBytesAfter(MANY);

    LOG.info(
        "live heap after 100 tenants: {} KiB, after {}: {} KiB", few / 1024, MANY, many / 1024);
    // An assignment is held as a whole, and the names of those that are done: about 400 bytes each.
    assertThat(many - few)
        .as("bytes of %d further tenants", MANY - 100)
        .isLessThan(NOISE + (MANY - 100) * 1_000L);
  }

  private long liveBytesAfter(int tenants) throws Exception {
    LastOneWaits api = new LastOneWaits("tenant-" + (tenants - 1));
    try (RunnerPod pod = new RunnerPod(directory.resolve("pod-" + tenants), api)) {
      pod.script("V1__one.sql", "CREATE TABLE IF NOT EXISTS one (id int);");
      assign(pod, api.tenants, tenants);
      Process process = pod.run("-XX:TieredStopAtLevel=1");
      try {
        Awaitility.await()
            .atMost(Duration.ofMinutes(10))
            .until(() -> !process.isAlive() || api.tenants.patches().size() == tenants - 1);
        assertThat(process.isAlive()).isTrue();
        return liveBytes(process);
      } finally {
        api.mayGo.countDown();
        assertThat(process.waitFor()).isEqualTo(PodContract.EXIT_DONE);
      }
    }
  }

  /** Counts after a full collection. */
  private static long liveBytes(Process process) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process histogram =
        new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(text);
    assertThat(total.find()).as(text).isTrue();
    return Long.parseLong(total.group(1));
  }

  /** Many names for one database: the first brings it to the head, the others find it there. */
  private static void assign(RunnerPod pod, RecordingTenantApi api, int tenants)
      throws IOException {
    TestTenants.writeLogin(
        pod.credentials(), TestTenants.secret("memory"), "memory", "correct-horse");
    TenantSpec.Database database = TestTenants.database(server, "memory");
    List<Assignment.Member> members = new ArrayList<>();
    for (int i = 0; i < tenants; i++) {
      Tenant tenant = TestTenants.tenant("tenant-" + i, database);
      api.put(tenant);
      members.add(TestTenants.member(tenant));
    }
    pod.assign(
        new Assignment(
            "shop",
            "v1",
            "run-uid",
            1,
            1,
            Mode.Apply,
            Assignment.Migrations.upTo(BundleReader.read(pod.bundle()).digest(), "1"),
            new Assignment.Limits(3, 3, 60_000, 1_000, 0, tenants),
            members,
            List.of()));
  }

  /** The outcome of the last tenant waits until it may be written. */
  private static final class LastOneWaits implements TenantApi {
    private final RecordingTenantApi tenants = new RecordingTenantApi();
    private final CountDownLatch mayGo = new CountDownLatch(1);
    private final String last;

    LastOneWaits(String last) {
      this.last = last;
    }

    @Override
    public Optional<Tenant> find(String name) {
      return tenants.find(name);
    }

    @Override
    public void patchStatus(String name, String jsonPatch) {
      if (name.equals(last)) {
        try {
          mayGo.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      tenants.patchStatus(name, jsonPatch);
    }
  }
}
