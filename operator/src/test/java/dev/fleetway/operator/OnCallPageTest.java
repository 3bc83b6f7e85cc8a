package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.model.RunReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/on-call.md} has a section for each phase and a row for each reason of a run. */
class OnCallPageTest {
  private static final Path PAGE = Path.of("..", "docs", "on-call.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z]\\w+)` \\|");
  private static final Pattern SECTION = Pattern.compile("(?m)^## (\\w+)$");

  @Test
  void everyReasonHasOneRowAndEveryRowIsAReason() throws IOException {
    assertThat(found(ROW))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(RunReason.values()).map(Enum::name).toList());
  }

  @Test
  void everyPhaseHasASection() throws IOException {
    assertThat(found(SECTION))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Phase.values()).map(Enum::name).toList());
  }

  private static List<String> found(Pattern pattern) throws IOException {
    return pattern
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }
}
