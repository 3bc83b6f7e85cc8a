package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbortRuleTest {

  @ParameterizedTest
  @CsvSource({
    // no failure never trips, not even at 0%
    "0, 10, 0, false",
    "1, 1000, 0, true",
    // a cohort of one
    "1, 1, 100, true",
    // just under, at, just over
    "1, 20, 10, false",
    "2, 20, 10, true",
    "3, 20, 10, true",
    "1, 10, 11, false",
    // everyone
    "9, 10, 100, false",
    "10, 10, 100, true",
  })
  void tripsWhenTheShareOfFailedTenantsReachesTheRate(
      int failed, int size, int percent, boolean trips) {
    assertThat(AbortRule.trips(failed, size, percent)).isEqualTo(trips);
  }

  @Test
  void theThresholdIsTheSmallestNumberThatTrips() {
    for (int size = 1; size <= 60; size++) {
      for (int percent = 0; percent <= 100; percent++) {
        int threshold = AbortRule.threshold(size, percent);
        assertThat(AbortRule.trips(threshold, size, percent)).isTrue();
        assertThat(AbortRule.trips(threshold - 1, size, percent)).isFalse();
      }
    }
  }
}
