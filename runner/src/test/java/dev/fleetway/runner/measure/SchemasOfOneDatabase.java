package dev.fleetway.runner.measure;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.database.TenantMigration;
import dev.fleetway.runner.database.TenantReport;
import dev.fleetway.runner.database.TenantWork;
import dev.fleetway.runner.database.Tries;
import dev.fleetway.runner.database.session.StopSwitch;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import dev.fleetway.runner.work.CohortRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * 200 schemas of one database with one login, three workers: tenants per second with a connection
 * for each tenant, and with shared sessions, in turns, medians of five. The numbers are in
 * docs/adr/0003. {@code ./mvnw -pl runner test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.fleetway.runner.measure.SchemasOfOneDatabase}
 */
final class SchemasOfOneDatabase {
  private static final int SCHEMAS = 200;
  private static final int REPETITIONS = 5;
  private static final int WARM_UPS = 2;
  private static final String NAME = "measured";

  private final TestPostgres server = TestPostgres.shared(TestPostgres.Version.NEWEST);
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(3);
  private final Path bundle;
  private final Path credentials;
  private int version;

  private SchemasOfOneDatabase() throws IOException {
    bundle = Files.createTempDirectory("bundle");
    credentials = Files.createTempDirectory("credentials");
    server.createDatabase(NAME, NAME, "correct-horse");
    TestTenants.writeLogin(credentials, TestTenants.secret(NAME), NAME, "correct-horse");
    for (int i = 0; i < SCHEMAS; i++) {
      server.execute(NAME, "CREATE SCHEMA s%d AUTHORIZATION %s".formatted(i, NAME));
    }
  }

  public static void main(String[] arguments) throws Exception {
    new SchemasOfOneDatabase().measure();
    System.exit(0);
  }

  private void measure() throws Exception {
    List<List<Double>> rates = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rates.add(new ArrayList<>());
    }
    for (int i = 0; i < WARM_UPS + REPETITIONS; i++) {
      for (boolean shared : List.of(false, true)) {
        version++;
        Files.writeString(
            bundle.resolve("V" + version + "__t.sql"),
            "CREATE TABLE t%d (a int);".formatted(version));
        double pending = tenantsPerSecond(shared);
        double atHead = tenantsPerSecond(shared);
        if (i >= WARM_UPS) {
          rates.get(shared ? 1 : 0).add(atHead);
          rates.get(shared ? 3 : 2).add(pending);
        }
      }
    }
    System.out.println("tenants/s            a connection each   shared");
    System.out.printf(
        "at head              %17.0f %8.0f%n", median(rates.get(0)), median(rates.get(1)));
    System.out.printf(
        "one script pending   %17.0f %8.0f%n", median(rates.get(2)), median(rates.get(3)));
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  private double tenantsPerSecond(boolean shared) throws Exception {
    RecordingTenantApi api = new RecordingTenantApi();
    List<Assignment.Member> members = new ArrayList<>();
    for (int i = 0; i < SCHEMAS; i++) {
      Tenant tenant =
          TestTenants.tenant(
              "tenant-" + i,
              TestTenants.database(server.host(), server.port(), NAME, "s" + i, null));
      api.put(tenant);
      members.add(TestTenants.member(tenant));
    }
    Bundle scripts = BundleReader.read(bundle);
    Assignment assignment =
        TestTenants.assignment(
            scripts.digest(), Integer.toString(version), 3, 60_000, 1_000, SCHEMAS, members);
    TenantWork work =
        new TenantMigration(
            assignment,
            scripts,
            scripts.newest(),
            credentials,
            Clock.systemUTC(),
            System::nanoTime);
    CohortRun run =
        new CohortRun(
            assignment,
            api,
            shared ? work : new Alone(work),
            timer,
            Clock.systemUTC(),
            Duration.ofSeconds(20));
    long start = System.nanoTime();
    int code = run.execute();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (code != 0 || run.summary().failed() > 0) {
      throw new IllegalStateException("exit code " + code + ", " + run.summary());
    }
    return SCHEMAS / seconds;
  }

  /** Expects nobody, and so shares nothing. */
  private record Alone(TenantWork work) implements TenantWork {
    @Override
    public Optional<? extends TenantReport> perform(
        Assignment.Member member, StopSwitch stop, Consumer<Tries.Retry> onRetry) {
      return work.perform(member, stop, onRetry);
    }
  }
}
