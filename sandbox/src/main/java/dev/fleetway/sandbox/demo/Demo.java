package dev.fleetway.sandbox.demo;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.fleet.Bundle;
import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.fleet.RunManifest;
import dev.fleetway.sandbox.postgres.TenantServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The story: a fleet at an older version, bad data that nobody knows of, a run that halts on it and
 * says why, the repair, the resume, and a look into every database.
 */
final class Demo {
  /** The ConfigMap with the scripts, for manifests of one's own. */
  static final String BUNDLE = "migrations";

  private static final int BAD_COHORT = 3;
  private static final int MOST_FINDINGS = 10;
  private static final String ROWS =
      """
      INSERT INTO customers (full_name, email)
      SELECT 'Customer ' || n, 'customer' || n || '@example.test' FROM generate_series(1, 20) n;
      INSERT INTO orders (customer_id, currency) SELECT id, 'EUR' FROM customers;
      """;

  private final Sandbox sandbox;
  private final DemoOptions options;
  private final Screen screen;
  private final List<String> tenants;
  private final FleetCheck check;

  Demo(Sandbox sandbox, DemoOptions options, Screen screen) {
    this.sandbox = sandbox;
    this.options = options;
    this.screen = screen;
    this.tenants = Fleet.names(options.tenants());
    this.check = new FleetCheck(sandbox.postgres());
  }

  /** True when every database of the last run was checked and found in order. */
  boolean play() throws IOException {
    createFleet();
    if (options.startsAtAnOlderVersion()) {
      bringToTheOlderVersion();
    }
    Fault fault =
        options.startsAtAnOlderVersion() ? new Fault.DuplicateEmails() : new Fault.WrongPasswords();
    List<String> bad = badTenants();
    List<Map<String, Integer>> rowsBefore = check.rowCounts(tenants);
    if (!bad.isEmpty()) {
      screen.step(
          "Behind everyone's back: trouble in " + bad.size() + " tenants of cohort " + badCohort());
      screen.line(String.join(", ", bad) + ": " + fault.description());
      for (String tenant : bad) {
        Map<String, Integer> rows = rowsBefore.get(tenants.indexOf(tenant));
        fault.rowsLeft().forEach((table, more) -> rows.merge(table, more, Integer::sum));
      }
      fault.cause(sandbox, bad);
    }
    TenantMigrationRun run = applyRun();
    if (run.getStatus().phase() != Phase.Succeeded && !bad.isEmpty()) {
      screen.step("The repair");
      screen.command(fault.repairDescription());
      fault.repair(sandbox, bad);
      run = resume(run);
    }
    return verify(run, rowsBefore);
  }

  private void createFleet() {
    screen.step("A fleet: " + options.tenants() + " tenants, a database and a Secret each");
    TenantServer server = sandbox.postgres();
    CompletableFuture<Void> databases =
        CompletableFuture.runAsync(
            () -> server.createDatabases(tenants.stream().map(Fleet::database).toList()));
    Fleet fleet =
        new Fleet(
            sandbox.namespace(),
            tenants,
            server.host(),
            server.port(),
            TenantServer.USER,
            server.password());
    fleet.manifests().parallelStream().forEach(this::apply);
    Bundle bundle = options.bundle().map(Bundle::of).orElseGet(Bundle::sample);
    apply(bundle.toConfigMap(sandbox.namespace(), BUNDLE));
    databases.join();
    screen.line("bundle: " + bundle.scripts().size() + " files in ConfigMap " + BUNDLE);
  }

  private void apply(HasMetadata manifest) {
    sandbox.client().resource(manifest).forceConflicts().serverSideApply();
  }

  private void bringToTheOlderVersion() {
    screen.step("Yesterday: all of them at version " + Bundle.SAMPLE_BASE);
    RunManifest base =
        new RunManifest(sandbox.namespace(), "yesterday", BUNDLE, Bundle.SAMPLE_BASE, List.of(100));
    TenantMigrationRun run = follow(base.toYaml());
    if (run.getStatus().phase() != Phase.Succeeded) {
      new RunReport(screen).show(run);
      throw new IllegalStateException("the fleet cannot be brought to an older version");
    }
    sandbox
        .postgres()
        .forEach(
            tenants.stream().map(Fleet::database).toList(),
            database -> {
              sandbox.postgres().execute(database, ROWS);
              return database;
            });
  }

  private int badCohort() {
    return Math.min(BAD_COHORT, Fleet.cohorts(options.tenants(), options.cohortSizes()));
  }

  private List<String> badTenants() {
    List<String> cohort = Fleet.cohort(tenants, options.cohortSizes(), badCohort());
    return cohort.subList(0, Math.min(options.failing(), cohort.size()));
  }

  private TenantMigrationRun applyRun() throws IOException {
    String manifest;
    if (options.manifest().isPresent()) {
      manifest = Files.readString(options.manifest().get());
      screen.step("The run of " + options.manifest().get());
    } else {
      manifest =
          new RunManifest(sandbox.namespace(), "today", BUNDLE, null, options.cohortSizes())
              .toYaml();
      screen.step("Today: the newest version, cohort by cohort");
      Path file = sandbox.kubeconfig().resolveSibling("today.yaml");
      Files.writeString(file, manifest);
      screen.command("kubectl apply -f today.yaml");
      manifest.lines().forEach(screen::line);
    }
    TenantMigrationRun run = follow(manifest);
    new RunReport(screen).show(run);
    return run;
  }

  private TenantMigrationRun follow(String manifest) {
    HasMetadata run = sandbox.client().resource(manifest).item();
    if (run.getMetadata().getNamespace() == null) {
      run.getMetadata().setNamespace(sandbox.namespace());
    }
    apply(run);
    return follow(run.getMetadata());
  }

  private TenantMigrationRun follow(io.fabric8.kubernetes.api.model.ObjectMeta run) {
    return new RunFollower(sandbox.client(), run.getNamespace(), Progress.on(screen))
        .follow(run.getName());
  }

  private TenantMigrationRun resume(TenantMigrationRun run) {
    screen.step("The resume: same plan, from the first cohort that did not close");
    String patch = "{\"spec\":{\"attempt\":" + (run.getSpec().attempt() + 1) + "}}";
    screen.command(
        "kubectl patch tmr " + run.getMetadata().getName() + " --type merge -p '" + patch + "'");
    sandbox.client().resource(run).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    TenantMigrationRun resumed = follow(run.getMetadata());
    new RunReport(screen).show(resumed);
    return resumed;
  }

  private boolean verify(TenantMigrationRun run, List<Map<String, Integer>> rowsBefore) {
    screen.step("The truth: every database, by SQL");
    if (run.getStatus().phase() != Phase.Succeeded) {
      screen.bad("the run did not succeed: " + run.getStatus().phase());
      return false;
    }
    List<String> planned = plannedTenants(run);
    List<Map<String, Integer>> before =
        planned.stream().map(name -> rowsBefore.get(tenants.indexOf(name))).toList();
    List<String> findings = check.findings(planned, run.getStatus().headVersion(), before);
    int total = run.getStatus().totals().tenants();
    if (planned.size() != total) {
      findings.add(planned.size() + " tenants have an outcome of this run, not " + total);
    }
    findings.stream().limit(MOST_FINDINGS).forEach(screen::bad);
    if (findings.size() > MOST_FINDINGS) {
      screen.bad("… and " + (findings.size() - MOST_FINDINGS) + " more");
    }
    if (findings.isEmpty()) {
      screen.good(
          planned.size()
              + " of "
              + planned.size()
              + " databases are at "
              + run.getStatus().headVersion()
              + ", every version once, none failed, rows untouched");
    }
    return findings.isEmpty();
  }

  private List<String> plannedTenants(TenantMigrationRun run) {
    return sandbox
        .client()
        .resources(Tenant.class)
        .inNamespace(run.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(
            tenant ->
                tenant.getStatus() != null
                    && tenant.getStatus().lastRun() != null
                    && tenant.getStatus().lastRun().belongsTo(run.getMetadata().getUid()))
        .map(tenant -> tenant.getMetadata().getName())
        .sorted()
        .toList();
  }
}
