package dev.fleetway.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What {@code docs/capacity.md} reckons with is what the benchmark measured last. */
class CapacityPageTest {
  private static final String PAGE = text("docs/capacity.md");
  private static final String NONE = "None";
  private static final String GATE = "ReadOnly";

  @Test
  void aPodsTenantsPerSecondAreTheBenchmarksWithTheStartOfTheProcess() {
    List<String> row = row("| fleetway aot | ");

    assertThat(PAGE)
        .contains("one pod, nothing pending | %s |".formatted(row.get(3)))
        .contains(
            "with 1 small script pending; with 10 | %s; %s |".formatted(row.get(6), row.get(9)));
  }

  @Test
  void theOperatorsSharesAreThoseOfItsTable() {
    assertThat(PAGE)
        .contains(
            "| operator, per cohort | %s; %s with a gate |"
                .formatted(scale("10,000", NONE, 5), scale("10,000", GATE, 5)))
        .contains(
            "| inspection, plan, first Job | %d s and"
                .formatted(Math.round(number(scale("10,000", NONE, 4)))));
    for (String tenants : List.of("1,000", "10,000")) {
      assertThat(PAGE)
          .contains(
              "| %s | %s; %s with a gate | %s; %s | %s; %s |"
                  .formatted(
                      tenants,
                      scale(tenants, NONE, 9),
                      scale(tenants, GATE, 9),
                      scale(tenants, NONE, 8),
                      scale(tenants, GATE, 8),
                      writes("scale", tenants),
                      writes("scale-gate", tenants)));
    }
  }

  @Test
  void whatIsDerivedFromThemIsToo() {
    double heap = number(scale("10,000", NONE, 9)) - number(scale("1,000", NONE, 9));
    double cpuSeconds = number(scale("10,000", GATE, 8)) * 10;

    assertThat(PAGE)
        .contains("about %d MiB for each further 1,000".formatted(Math.round(heap / 9)))
        .contains(
            "10,000 gated tenants took %d s of CPU in %d s"
                .formatted(Math.round(cpuSeconds), Math.round(number(scale("10,000", GATE, 3)))))
        .contains(
            "A run takes %d KB at 10,000 tenants"
                .formatted(Math.round(number(scale("10,000", NONE, 10)))));
  }

  /** A cell of the operator's table. */
  private static String scale(String tenants, String gate, int column) {
    return row("| %s | %s | ".formatted(tenants, gate)).get(column);
  }

  /** The row of a generated table in the page of the benchmark. */
  private static List<String> row(String start) {
    String found =
        text("docs/benchmark.md")
            .lines()
            .filter(line -> line.startsWith(start) && line.matches(".*\\d.*"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no row " + start));
    return Arrays.stream(found.substring(1).split("\\|", -1)).map(String::strip).toList();
  }

  /** The operator's writes per tenant. */
  private static String writes(String file, String tenants) {
    String size = tenants.replace(",", "") + ",";
    String found =
        text("bench/results/" + file + ".csv")
            .lines()
            .filter(line -> line.startsWith(size))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no " + size));
    return String.format(Locale.ROOT, "%.3f", Double.parseDouble(found.split(",", -1)[3]));
  }

  private static double number(String cell) {
    return Double.parseDouble(cell.split(" ", 2)[0]);
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of("..").resolve(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
