package dev.fleetway.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GcLogTest {
  @Test
  void thePeakIsTheMostThatACollectionLeft() {
    assertThat(
            GcLog.peakMebibytes(
                List.of(
                    "[0.012s][info][gc] Using Serial",
                    "[0.411s][info][gc] GC(0) Pause Young (Allocation Failure) 68M->9M(247M) 9.1ms",
                    "[1.502s][info][gc] GC(1) Pause Full (Metadata GC Threshold) 90M->31M(247M) 4ms",
                    "[2.100s][info][gc] GC(2) Pause Young (Allocation Failure) 99M->27M(247M) 5ms")))
        .hasValue(31);
  }

  @Test
  void withoutACollectionNothingIsKnown() {
    assertThat(GcLog.peakMebibytes(List.of("[0.012s][info][gc] Using Serial"))).isEmpty();
  }
}
