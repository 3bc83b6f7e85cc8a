package dev.fleetway.bench;

import dev.fleetway.bench.report.CsvFile;
import dev.fleetway.bench.report.Page;
import dev.fleetway.bench.report.ScaleChart;
import dev.fleetway.bench.report.ScaleMeasurement;
import dev.fleetway.bench.report.ScaleMeasurement.Line;
import dev.fleetway.bench.report.ScaleReport;
import dev.fleetway.bench.scale.ScaleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What one operator costs at growing numbers of tenants. */
@Command(
    name = "scale",
    description = "Measures the operator with many tenants.",
    mixinStandardHelpOptions = true)
final class ScaleBenchmark implements Callable<Integer> {
  private static final String BINARIES = "KUBE_API_TEST_DIR";

  @Option(
      names = "--tenants",
      split = ",",
      description = "Only these numbers of tenants; writes no page. Default: 100,1000,10000.")
  private List<Integer> tenants = List.of();

  @Option(
      names = "--gate",
      arity = "1",
      description = "Only with (true) or without (false) the gate; writes no page. Default: both.")
  private Boolean gate;

  private final Path home = Path.of(System.getProperty("fleetway.home"));

  @Override
  public Integer call() throws IOException {
    String binaries = System.getenv(BINARIES);
    if (binaries == null) {
      say(
          "%s is not set: this needs a real API server, the directory with kube-apiserver and etcd",
          BINARIES);
      return 1;
    }
    List<ScaleMeasurement> measurements = new ArrayList<>();
    for (int size : tenants.isEmpty() ? List.of(100, 1_000, 10_000) : tenants) {
      for (boolean gated : gate == null ? List.of(false, true) : List.of(gate)) {
        say("%,d tenants, gate %s …", size, gated ? "ReadOnly" : "None");
        measurements.add(measure(Path.of(binaries), size, gated));
      }
    }
    ScaleReport report = new ScaleReport(measurements);
    System.out.println(report.tables());
    report.goals().forEach(goal -> say("%s", goal));
    if (tenants.isEmpty() && gate == null) {
      publish(report);
    }
    return 0;
  }

  private ScaleMeasurement measure(Path binaries, int size, boolean gated) throws IOException {
    Path work = home.resolve("bench/target/work/scale-" + size + (gated ? "-gate" : ""));
    ScaleMeasurement measured =
        new ScaleRun(
                binaries,
                home.resolve("operator/target"),
                work,
                size,
                gated,
                text -> say("  %s", text))
            .measure();
    say(
        "  %.1f s, overhead %.3f s per cohort, %.3f writes per tenant, peak heap %d MiB",
        measured.seconds(),
        measured.overheadSecondsPerCohort(),
        measured.operatorWritesPerTenant(),
        measured.peakHeapMebibytes());
    return measured;
  }

  private void publish(ScaleReport report) throws IOException {
    Path results = home.resolve("bench/results");
    CsvFile.write(results.resolve("scale.csv"), Line.class, lines(report.with(false)));
    CsvFile.write(results.resolve("scale-gate.csv"), Line.class, lines(report.with(true)));
    Files.createDirectories(home.resolve("docs/images"));
    ScaleChart.write(report, home.resolve("docs/images/benchmark-scale"));
    Page.replace(home.resolve("docs/benchmark.md"), "scale", report.tables());
  }

  private static List<Line> lines(List<ScaleMeasurement> measurements) {
    return measurements.stream().map(ScaleMeasurement::line).toList();
  }

  private static void say(String format, Object... values) {
    System.err.printf(Locale.ROOT, format + "%n", values);
  }
}
