package dev.fleetway.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.e2e.tool.SourceTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/reliability.md tells of the faults that are played, and of no other. */
class ReliabilityPageTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z0-9-]+)`(.*)\\|$", Pattern.MULTILINE);

  @Test
  void hasARowForEachFaultInTheirOrder() throws IOException {
    List<String> played = Faults.ALL.stream().map(Fault::name).toList();

    assertThat(rows().keySet()).containsExactlyElementsOf(played);
  }

  @Test
  void namesWhatTheRunSays() throws IOException {
    Map<String, String> rows = rows();

    for (Fault fault : Faults.ALL) {
      for (String reason : fault.says()) {
        assertThat(rows.get(fault.name())).as(fault.name()).contains("`" + reason + "`");
      }
    }
  }

  @Test
  void namesTheFaultsThatEveryBuildPlays() throws IOException {
    String fast =
        Faults.selected("").stream()
            .map(fault -> "`" + fault.name() + "`")
            .reduce((one, other) -> one + ", " + other)
            .orElseThrow();

    assertThat(page()).contains(fast);
  }

  private static Map<String, String> rows() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    ROW.matcher(page())
        .results()
        .forEach((MatchResult row) -> rows.put(row.group(1), row.group(2)));
    return rows;
  }

  private static String page() throws IOException {
    return Files.readString(SourceTree.file("docs/reliability.md"), StandardCharsets.UTF_8);
  }
}
