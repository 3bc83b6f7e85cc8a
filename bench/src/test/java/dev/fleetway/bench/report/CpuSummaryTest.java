package dev.fleetway.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuSummaryTest {
  @Test
  void theTableShowsTheRepetitionInTheMiddlePartByPart() {
    CpuSummary summary =
        new CpuSummary(
            List.of(
                measured("ours", 0, 9.0, 1.2),
                measured("ours", 0, 3.0, 0.8),
                measured("ours", 0, 2.0, 0.9),
                measured("raw", 0, 1.0, null)));

    assertThat(summary.table().lines())
        .containsExactly(
            "| CPU seconds: tool + PostgreSQL + API server | 0 pending | first outcome after |",
            "|---|---:|---:|",
            "| ours | 3.0 + 2.0 + 0.5 = **5.5** | 0.90 s |",
            "| raw | 1.0 + 2.0 + 0.5 = **3.5** | – |");
  }

  @Test
  void whatWasNotMeasuredIsADash() {
    CpuSummary summary =
        new CpuSummary(List.of(measured("ours", 0, 3.0, null), measured("raw", 1, 1.0, null)));

    assertThat(summary.table().lines())
        .contains(
            "| ours | 3.0 + 2.0 + 0.5 = **5.5** | – | – |",
            "| raw | – | 1.0 + 2.0 + 0.5 = **3.5** | – |");
  }

  private static CpuMeasurement measured(String tool, int pending, double cpu, Double first) {
    return new CpuMeasurement(tool, pending, 200, 1, cpu, 2.0, 0.5, first);
  }
}
