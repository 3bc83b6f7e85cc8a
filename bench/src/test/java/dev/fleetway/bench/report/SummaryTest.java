package dev.fleetway.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static final Summary SUMMARY =
      new Summary(
          List.of(
              measured("ours", 0, 1, 1.0),
              measured("raw", 0, 1, 2.0),
              measured("ours", 0, 2, 4.0),
              measured("raw", 0, 2, 4.0),
              measured("ours", 0, 3, 2.0),
              measured("raw", 0, 3, 4.0),
              measured("ours", 10, 1, 8.0)),
          "raw");

  @Test
  void theMedianDoesNotFollowAnOutlier() {
    assertThat(SUMMARY.median("ours", 0, Measurement::seconds)).hasValue(2.0);
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    Summary even = new Summary(SUMMARY.measurements().subList(0, 4), "raw");
    assertThat(even.median("raw", 0, Measurement::seconds)).hasValue(3.0);
  }

  @Test
  void theRatioComparesSpeeds() {
    assertThat(SUMMARY.ratio("ours", 0)).hasValue(2.0);
    assertThat(SUMMARY.ratio("ours", 10)).isEmpty();
  }

  @Test
  void theTableHasALineForEachToolAndADashForWhatWasNotMeasured() {
    assertThat(SUMMARY.table().lines())
        .containsExactly(
            "| tool | 0 pending | × limit | with start | 10 pending | × limit | with start |",
            "|---|---:|---:|---:|---:|---:|---:|",
            "| ours | 50.0 | 2.00 | 33.3 | 12.5 | – | 11.1 |",
            "| raw | 25.0 | 1.00 | 20.0 | – | – | – |");
  }

  private static Measurement measured(String tool, int pending, int repetition, double seconds) {
    return Measurement.of(tool, pending, 100, 3, repetition, seconds, seconds + 1);
  }
}
