package dev.fleetway.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {
  private static final ObjectNode GOLD =
      Json.readObject("metadata: {name: acme, labels: {tier: gold, region: eu}}");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; true",
        "tier=gold; true",
        "tier==gold,region=eu; true",
        "tier=gold,region=us; false",
        "tier!=gold; false",
        "absent!=x; true",
        "tier in (silver, gold); true",
        "tier in (silver),region=eu; false",
        "tier notin (silver); true",
        "absent notin (x); true",
        "absent in (x); false",
        "tier; true",
        "!tier; false",
        "!absent; true"
      })
  void selectsByLabels(String selector, boolean selected) {
    assertThat(Selectors.labels(selector).test(GOLD)).isEqualTo(selected);
  }

  @Test
  void selectsByNamesAndBySelectableFieldsOnly() {
    ResourceType type =
        ResourceType.builtIn("", "v1", "things", "Thing", true).selectable(".status.outcome");
    ObjectNode failed = Json.readObject("{metadata: {name: a}, status: {outcome: Failed}}");

    assertThat(Selectors.fields("metadata.name=a,status.outcome=Failed", type).test(failed))
        .isTrue();
    assertThat(Selectors.fields("status.outcome!=Failed", type).test(failed)).isFalse();
    assertThatThrownBy(() -> Selectors.fields("spec.size=1", type))
        .hasMessage("field label not supported: spec.size");
  }
}
