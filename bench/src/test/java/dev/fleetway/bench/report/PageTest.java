package dev.fleetway.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PageTest {
  private static final String PAGE =
      """
      before
      <!-- begin runner: written by the benchmark, do not edit -->
      old
      <!-- end runner -->
      after
      """;

  @Test
  void onlyThePartBetweenTheMarksChanges() {
    assertThat(Page.replaced(PAGE, "runner", "new\n")).isEqualTo(PAGE.replace("old", "new"));
  }

  @Test
  void aPageWithoutThePartIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Page.replaced(PAGE, "scale", "new\n"))
        .withMessageContaining("scale");
  }
}
