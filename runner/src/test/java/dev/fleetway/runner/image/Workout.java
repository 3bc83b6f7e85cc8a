package dev.fleetway.runner.image;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.outcome.TenantApi;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.RunnerPod;
import dev.fleetway.runner.testing.SampleBundle;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cohort of new databases that a runner process brings to the head of the sample bundle. */
final class Workout {
  private static final String HEAD = "112";
  private static final String PASSWORD = "correct-horse";

  private final TestPostgres server;
  private final Path directory;
  private final int tenants;
  private boolean prepared;

  Workout(TestPostgres server, Path directory, int tenants) {
    this.server = server;
    this.directory = directory;
    this.tenants = tenants;
  }

  /**
   * A start, up to the first outcome.
   *
   * @param wall on the clock
   * @param cpu of all threads, which a busy machine does not lengthen as much
   */
  record Start(Duration wall, Duration cpu) {}

  /** New databases the first time, the same ones later; an error when not all are at the head. */
  Start run(Path javaHome, String classPath, List<String> flags)
      throws IOException, InterruptedException {
    Path place = Files.createTempDirectory(directory, "pod");
    FirstOutcome api = new FirstOutcome();
    try (RunnerPod pod = new RunnerPod(place, api)) {
      SampleBundle.copyTo(pod.bundle());
      prepare(pod, api.tenants);
      long start = System.nanoTime();
      Process process =
          pod.start(javaHome, classPath, PodContract.COMMAND_RUN, flags.toArray(String[]::new));
      api.process = process;
      int exitCode = process.waitFor();
      if (exitCode != PodContract.EXIT_DONE || pod.message().summary().failed() > 0) {
        throw new IllegalStateException(
            "the runner ended with " + exitCode + ":\n" + Files.readString(pod.output()));
      }
      return new Start(Duration.ofNanos(api.firstNanos - start), api.firstCpu);
    }
  }

  private void prepare(RunnerPod pod, RecordingTenantApi api) throws IOException {
    List<Assignment.Member> members = new ArrayList<>();
    for (int i = 0; i < tenants; i++) {
      String name = "workout" + i;
      if (!prepared) {
        server.createDatabase(name, "workout", PASSWORD);
      }
      TestTenants.writeLogin(pod.credentials(), TestTenants.secret(name), "workout", PASSWORD);
      Tenant tenant = TestTenants.tenant(name, TestTenants.database(server, name));
      api.put(tenant);
      members.add(TestTenants.member(tenant));
    }
    prepared = true;
    pod.assign(
        new Assignment(
            "shop",
            "workout",
            "run-uid",
            1,
            1,
            Mode.Apply,
            Assignment.Migrations.upTo(BundleReader.read(pod.bundle()).digest(), HEAD),
            new Assignment.Limits(3, 3, 60_000, 5_000, 2, 1),
            members,
            List.of()));
  }

  /** Notes when the first outcome arrives. */
  private static final class FirstOutcome implements TenantApi {
    private final RecordingTenantApi tenants = new RecordingTenantApi();
    private volatile Process process;
    private volatile long firstNanos;
    private volatile Duration firstCpu = Duration.ZERO;

    @Override
    public Optional<Tenant> find(String name) {
      return tenants.find(name);
    }

    @Override
    public synchronized void patchStatus(String name, String jsonPatch) {
      tenants.patchStatus(name, jsonPatch);
      if (firstNanos == 0) {
        firstNanos = System.nanoTime();
        firstCpu = process.info().totalCpuDuration().orElse(Duration.ZERO);
      }
    }
  }
}
