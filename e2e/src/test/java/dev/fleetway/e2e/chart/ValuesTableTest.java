package dev.fleetway.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.e2e.tool.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/chart.md} in step with the comments of the chart's values. */
class ValuesTableTest {
  private static final Path PAGE = SourceTree.file("docs/chart.md");
  private static final Path VALUES = SourceTree.file("helm/fleetway/values.yaml");
  private static final String REGENERATE =
      "./mvnw -pl e2e -am test -Dtest=ValuesTableTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dfleetway.regenerate=true";

  @Test
  void thePageListsEveryValue() throws IOException {
    String page = page(ValuesTable.of(Files.readString(VALUES)));
    if (Boolean.getBoolean("fleetway.regenerate")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
        .as("docs/chart.md is stale: run %s", REGENERATE)
        .isEqualTo(page);
  }

  @Test
  void everyValueIsExplained() throws IOException {
    assertThat(ValuesTable.of(Files.readString(VALUES)))
        .hasSizeGreaterThan(40)
        .filteredOn(row -> !row.isGroup() && row.description().isBlank())
        .isEmpty();
  }

  @Test
  void readsGroupsValuesAndValuesOfSeveralLines() {
    assertThat(
            ValuesTable.of(
                """
                # A group.
                operator:
                  image:
                    # Its name,
                    # in full.
                    repository: acme/operator
                  # What it needs.
                  resources:
                    requests: {cpu: 1}
                    limits: {cpu: 2}

                # Alone.
                names: []
                """))
        .containsExactly(
            new ValuesTable.Row("operator", "", "A group."),
            new ValuesTable.Row("operator.image", "", ""),
            new ValuesTable.Row("operator.image.repository", "acme/operator", "Its name, in full."),
            new ValuesTable.Row(
                "operator.resources", "requests: {cpu: 1}, limits: {cpu: 2}", "What it needs."),
            new ValuesTable.Row("names", "[]", "Alone."));
  }

  private static String page(List<ValuesTable.Row> rows) {
    return """
        <!-- Generated from helm/fleetway/values.yaml by %s; do not edit -->
        # Values of the chart

        What `helm install fleetway helm/fleetway` takes. A name that is not in this table is refused.

        %s"""
        .formatted(REGENERATE, ValuesTable.markdown(rows));
  }
}
