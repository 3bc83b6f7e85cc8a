package dev.fleetway.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectionTest {

  @ParameterizedTest
  @CsvSource({
    "In, gold, gold, true",
    "In, gold, free, false",
    "In, gold, , false",
    "NotIn, gold, gold, false",
    "NotIn, gold, free, true",
    "NotIn, gold, , true",
    "Exists, , gold, true",
    "Exists, , , false",
    "DoesNotExist, , gold, false",
    "DoesNotExist, , , true",
  })
  void readsExpressionsAsKubernetesDoes(
      String operator, String wanted, String label, boolean matches) {
    var selector =
        new LabelSelectorBuilder()
            .withMatchExpressions(
                new LabelSelectorRequirement(
                    "tier", operator, wanted == null ? List.of() : List.of(wanted)))
            .build();
    Map<String, String> labels = label == null ? Map.of() : Map.of("tier", label);
    assertThat(LabelSelection.matches(selector, labels)).isEqualTo(matches);
  }

  @Test
  void needsEveryLabelOfMatchLabels() {
    var selector =
        new LabelSelectorBuilder().withMatchLabels(Map.of("tier", "gold", "region", "eu")).build();
    assertThat(LabelSelection.matches(selector, Map.of("tier", "gold"))).isFalse();
    assertThat(LabelSelection.matches(selector, Map.of("tier", "gold", "region", "eu", "x", "y")))
        .isTrue();
  }

  @Test
  void anEmptySelectorMatchesEverything() {
    assertThat(LabelSelection.matches(new LabelSelectorBuilder().build(), Map.of())).isTrue();
  }
}
