package dev.fleetway.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScaleReportTest {
  private static final ScaleReport REPORT =
      new ScaleReport(
          List.of(measured(1_000, false, 0.5, 90), measured(10_000, false, 0.61, 1_100)));

  @Test
  void aGoalIsMetUpToItsLimit() {
    assertThat(REPORT.goals())
        .anySatisfy(
            goal ->
                assertThat(goal)
                    .startsWith("met")
                    .contains("1,000 tenants, gate None: operator writes per tenant = 0.090"))
        .anySatisfy(
            goal ->
                assertThat(goal)
                    .startsWith("MISSED")
                    .contains("10,000 tenants, gate None: operator writes per tenant = 0.110"));
  }

  @Test
  void theCostOfATenantIsComparedBetweenTheTwoSizes() {
    assertThat(REPORT.goals())
        .anySatisfy(
            goal -> assertThat(goal).startsWith("MISSED").contains("overhead = 1.220, at most 1.2"))
        .anySatisfy(goal -> assertThat(goal).startsWith("met").contains("CPU = 1.000"));
  }

  @Test
  void theTableCountsRequestsPerTenant() {
    assertThat(REPORT.tables()).contains("| create jobs | 0.0110 | 0.0110 |");
  }

  @Test
  void aPublishedLineHasItsRatiosRounded() {
    assertThat(REPORT.measurements().get(1).line().operatorWritesPerTenant()).isEqualTo(0.11);
  }

  private static ScaleMeasurement measured(
      int tenants, boolean gate, double overhead, long operatorWrites) {
    TreeMap<String, Long> requests = new TreeMap<>();
    requests.put("create jobs", tenants * 11L / 1_000);
    return new ScaleMeasurement(
        tenants,
        gate,
        tenants / 100,
        30,
        1,
        overhead,
        100,
        200,
        operatorWrites,
        tenants,
        requests,
        tenants / 500.0,
        100,
        40_000);
  }
}
