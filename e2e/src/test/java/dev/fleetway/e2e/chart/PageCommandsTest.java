package dev.fleetway.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No command of the pages goes untried. */
class PageCommandsTest {
  /** Tried elsewhere: {@code ./e2e/run} builds so, each scenario makes its namespace so. */
  private static final List<String> ELSEWHERE =
      List.of("./mvnw -Pimages package -DskipTests", "kubectl create namespace", "kubectl label");

  @Test
  void everyCommandIsPlayedOrRendered() {
    assertThat(PageCommands.all()).hasSizeGreaterThan(10);
    assertThat(PageCommands.all())
        .filteredOn(
            command ->
                Stream.of(ChartE2E.PLAYED, ELSEWHERE, List.of(ChartRenderingIT.RENDERED))
                    .flatMap(List::stream)
                    .noneMatch(command::startsWith))
        .as("commands of the pages that no test plays")
        .isEmpty();
  }

  @Test
  void everyPlayedCommandIsInThePages() {
    assertThat(ChartE2E.PLAYED)
        .allSatisfy(start -> assertThat(PageCommands.thatBegin(start)).isNotEmpty());
  }

  @Test
  void readsQuotedWordsAsAShellDoes() {
    assertThat(PageCommands.words("kubectl patch x -p '{\"a\": 1}' --set 'b={c,d}'"))
        .containsExactly("kubectl", "patch", "x", "-p", "{\"a\": 1}", "--set", "b={c,d}");
  }
}
