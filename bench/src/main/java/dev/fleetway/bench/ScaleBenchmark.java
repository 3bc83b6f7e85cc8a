package dev.fleetway.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
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
  private static final List<Integer> SIZES = List.of(100, 1_000, 10_000);
  private static final List<Boolean> GATES = List.of(false, true);
  private static final int COHORT = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

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

  @Option(
      names = "--cohort",
      description = "Tenants of a cohort; another number than 100 writes no page. Default: 100.")
  private int cohort = COHORT;

  @Option(
      names = "--publish",
      description =
          "Measures nothing: writes the page from what parts measured, each size with and without"
              + " the gate, --tenants 100 --gate true and so on.")
  private boolean publish;

  private final Path home = Path.of(System.getProperty("fleetway.home"));

  @Override
  public Integer call() throws IOException {
    if (publish) {
      publish(new ScaleReport(stored()));
      return 0;
    }
    String binaries = System.getenv(BINARIES);
    if (binaries == null) {
      say(
          "%s is not set: this needs a real API server, the directory with kube-apiserver and etcd",
          BINARIES);
      return 1;
    }
    List<ScaleMeasurement> measurements = new ArrayList<>();
    for (int size : tenants.isEmpty() ? SIZES : tenants) {
      for (boolean gated : gate == null ? GATES : List.of(gate)) {
        say("%,d tenants, gate %s …", size, gated ? "ReadOnly" : "None");
        ScaleMeasurement measured = measure(Path.of(binaries), size, gated);
        measurements.add(measured);
        if (cohort == COHORT) {
          JSON.writeValue(file(size, gated).toFile(), measured);
        }
      }
    }
    ScaleReport report = new ScaleReport(measurements);
    System.out.println(report.tables());
    report.goals().forEach(goal -> say("%s", goal));
    if (tenants.isEmpty() && gate == null && cohort == COHORT) {
      publish(report);
    }
    return 0;
  }

  private List<ScaleMeasurement> stored() throws IOException {
    List<ScaleMeasurement> measurements = new ArrayList<>();
    for (int size : SIZES) {
      for (boolean gated : GATES) {
        measurements.add(JSON.readValue(file(size, gated).toFile(), ScaleMeasurement.class));
      }
    }
    return measurements;
  }

  private Path file(int size, boolean gated) {
    return work(size, gated).resolve("measured.json");
  }

  private Path work(int size, boolean gated) {
    return home.resolve("bench/target/work/scale-" + size + (gated ? "-gate" : ""));
  }

  private ScaleMeasurement measure(Path binaries, int size, boolean gated) throws IOException {
    ScaleMeasurement measured =
        new ScaleRun(
                binaries,
                home.resolve("operator/target"),
                work(size, gated),
                size,
                cohort,
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
