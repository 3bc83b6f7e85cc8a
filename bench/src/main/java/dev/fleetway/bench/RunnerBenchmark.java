package dev.fleetway.bench;

import dev.fleetway.bench.fleet.DatabaseFleet;
import dev.fleetway.bench.fleet.Scripts;
import dev.fleetway.bench.report.BarChart;
import dev.fleetway.bench.report.CpuMeasurement;
import dev.fleetway.bench.report.CpuSummary;
import dev.fleetway.bench.report.CsvFile;
import dev.fleetway.bench.report.Measurement;
import dev.fleetway.bench.report.Page;
import dev.fleetway.bench.report.Summary;
import dev.fleetway.bench.tool.CpuMeter;
import dev.fleetway.bench.tool.CpuSeconds;
import dev.fleetway.bench.tool.FleetwayTool;
import dev.fleetway.bench.tool.PodAccess;
import dev.fleetway.bench.tool.RunnerProgram;
import dev.fleetway.bench.tool.Timing;
import dev.fleetway.bench.tool.Tool;
import dev.fleetway.bench.tool.Toolbox;
import dev.fleetway.bench.tool.Workload;
import dev.fleetway.sandbox.api.ApiEndpoint;
import dev.fleetway.sandbox.postgres.TenantServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One pod's work beside what users would pick instead, all in one run on this machine. */
@Command(
    name = "runner",
    description = "Measures the runner beside its peers.",
    mixinStandardHelpOptions = true)
final class RunnerBenchmark implements Callable<Integer> {
  private static final String WITH_CACHE = "fleetway aot";
  private static final int QUICK_TENANTS = 50;

  /** As many as the build of the image trains with. */
  private static final int TRAINING_TENANTS = 20;

  @Option(names = "--tenants", description = "Databases. Default: ${DEFAULT-VALUE}.")
  private int tenants = 200;

  @Option(names = "--concurrency", description = "Databases at a time. Default: ${DEFAULT-VALUE}.")
  private int concurrency = 3;

  @Option(names = "--repetitions", description = "Default: ${DEFAULT-VALUE}; medians are reported.")
  private int repetitions = 5;

  @Option(
      names = "--pending",
      split = ",",
      description = "Migrations that each database lacks. Default: 0,1,10.")
  private List<Integer> pending = List.of(0, 1, 10);

  @Option(
      names = "--all",
      description = "More peers: node-pg-migrate, goose, golang-migrate, django.")
  private boolean all;

  @Option(
      names = "--quick",
      description = "50 databases, one repetition, raw JDBC, Fleetway and knex; writes no page.")
  private boolean quick;

  @Option(names = "--only", split = ",", description = "Only these tools.")
  private List<String> only = List.of();

  private final Path home = Path.of(System.getProperty("fleetway.home"));
  private final Path work = home.resolve("bench/target/work");
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<CpuMeasurement> processor = new ArrayList<>();
  private CpuMeter meter;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (quick) {
      tenants = QUICK_TENANTS;
      repetitions = 1;
    }
    Files.createDirectories(work);
    try (TenantServer server = TenantServer.start(work.resolve("postgres"));
        ApiEndpoint api = api();
        KubernetesClient client = api.newClient()) {
      say("PostgreSQL %s, %s", server.version(), api.description());
      meter = new CpuMeter(work.resolve("postgres/data"));
      DatabaseFleet fleet = new DatabaseFleet(server);
      List<Tool> tools = tools(access(api, client), client);
      train(tools, server, fleet);
      for (int lacking : pending) {
        measure(tools, lacking, server, fleet);
      }
    }
    Summary summary = new Summary(measurements, Toolbox.LIMIT);
    System.out.println(summary.table());
    CpuSummary cpu = new CpuSummary(processor);
    System.out.println(cpu.table());
    if (!quick) {
      publish(summary, cpu);
    }
    return 0;
  }

  private static ApiEndpoint api() {
    String binaries = System.getenv("KUBE_API_TEST_DIR");
    if (binaries != null) {
      return ApiEndpoint.real(Path.of(binaries));
    }
    say(
        "KUBE_API_TEST_DIR is not set: outcomes go to the embedded endpoint, which is no real API"
            + " server");
    return ApiEndpoint.embedded();
  }

  private PodAccess access(ApiEndpoint api, KubernetesClient client) throws IOException {
    String namespace = FleetwayTool.namespace(client);
    Path directory = work.resolve("pod/access");
    return System.getenv("KUBE_API_TEST_DIR") == null
        ? PodAccess.byKubeconfig(api.kubeconfig(), directory)
        : PodAccess.asServiceAccount(client, namespace, directory);
  }

  /** The first run makes the cache: of real work, as in the build of the image. */
  private void train(List<Tool> tools, TenantServer server, DatabaseFleet fleet)
      throws IOException, InterruptedException {
    Scripts scripts = new Scripts(work);
    List<String> databases = fleet.names(TRAINING_TENANTS);
    for (Tool tool : tools) {
      if (tool.name().equals(WITH_CACHE)) {
        databases.forEach(fleet::create);
        tool.migrate(workload(server, databases, scripts.first(scripts.count()).toString()));
      }
    }
  }

  private List<Tool> tools(PodAccess access, KubernetesClient client) throws IOException {
    Toolbox toolbox = new Toolbox(home, work);
    List<Tool> wanted = new ArrayList<>();
    wanted.add(fleetway("fleetway", Optional.empty(), access, client));
    Path cache = work.resolve("fleetway-runner.aot");
    Files.deleteIfExists(cache);
    wanted.add(fleetway(WITH_CACHE, Optional.of(cache), access, client));
    wanted.addAll(quick ? toolbox.quick() : all ? toolbox.all() : toolbox.usual());
    List<Tool> present = new ArrayList<>();
    for (Tool tool : wanted) {
      if (only.isEmpty() || only.contains(tool.name())) {
        Optional<String> missing = tool.missing();
        missing.ifPresent(why -> say("%s is left out: %s", tool.name(), why));
        if (missing.isEmpty()) {
          present.add(tool);
        }
      }
    }
    return present;
  }

  private FleetwayTool fleetway(
      String name, Optional<Path> cache, PodAccess access, KubernetesClient client)
      throws IOException {
    return new FleetwayTool(
        name, new RunnerProgram(home, cache), work.resolve("pod"), access, client);
  }

  private void measure(List<Tool> tools, int lacking, TenantServer server, DatabaseFleet fleet)
      throws IOException, InterruptedException {
    Scripts scripts = new Scripts(work);
    String whole = scripts.first(scripts.count()).toString();
    for (Tool tool : tools) {
      fleet.create(template(tool));
      tool.migrate(
          workload(
              server,
              List.of(template(tool)),
              scripts.first(scripts.count() - lacking).toString()));
    }
    String goal = goal(server, fleet, tools.get(0), whole);
    // Taking turns spreads what else happens on the machine over all of them.
    for (int repetition = 1; repetition <= repetitions; repetition++) {
      for (Tool tool : tools) {
        List<String> names = fleet.names(Math.min(tenants, tool.mostTenants()));
        fleet.copy(template(tool), names);
        CpuSeconds before = meter.read();
        Timing timing = tool.migrate(workload(server, names, whole));
        CpuSeconds used = meter.read().minus(before);
        List<String> wrong = fleet.others(names, goal);
        if (!wrong.isEmpty()) {
          throw new IOException(tool.name() + " did not do its work on " + wrong);
        }
        Measurement measured =
            Measurement.of(
                tool.name(),
                lacking,
                names.size(),
                concurrency,
                repetition,
                timing.seconds(),
                timing.processSeconds());
        measurements.add(measured);
        processor.add(CpuMeasurement.of(measured, used, timing.firstOutcomeSeconds()));
        say(
            "%2d pending, %d of %d: %-22s %7.1f tenants/s, process %.2f s, CPU %.1f + %.1f + %.1f s",
            lacking,
            repetition,
            repetitions,
            tool.name(),
            measured.tenantsPerSecond(),
            measured.processSeconds(),
            used.tool(),
            used.database(),
            used.api());
      }
    }
  }

  /** What every database must look like in the end. */
  private String goal(TenantServer server, DatabaseFleet fleet, Tool tool, String whole)
      throws IOException, InterruptedException {
    fleet.create("goal");
    tool.migrate(workload(server, List.of("goal"), whole));
    return fleet.fingerprint("goal");
  }

  private Workload workload(TenantServer server, List<String> databases, String scripts) {
    return new Workload(
        server.host(),
        server.port(),
        TenantServer.USER,
        server.password(),
        databases,
        concurrency,
        scripts);
  }

  private static String template(Tool tool) {
    return "template_" + tool.name().replaceAll("[^a-z]+", "_");
  }

  private void publish(Summary summary, CpuSummary cpu) throws IOException {
    CsvFile.write(
        home.resolve("bench/results/runner.csv"), Measurement.class, summary.measurements());
    BarChart.write(summary, home.resolve("docs/images/benchmark-runner"));
    CsvFile.write(
        home.resolve("bench/results/runner-cpu.csv"), CpuMeasurement.class, cpu.measurements());
    Path page = home.resolve("docs/benchmark.md");
    Page.replace(page, "runner", summary.table());
    Page.replace(page, "runner-cpu", cpu.table());
  }

  private static void say(String format, Object... values) {
    System.err.printf(Locale.ROOT, format + "%n", values);
  }
}
