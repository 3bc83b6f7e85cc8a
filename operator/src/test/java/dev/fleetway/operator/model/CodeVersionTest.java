package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeVersionTest {
  /** The example of https://semver.org/#spec-item-11, and numbers that are not text. */
  private static final List<String> ASCENDING =
      List.of(
          "0.9.9",
          "1.0.0-alpha",
          "1.0.0-alpha.1",
          "1.0.0-alpha.beta",
          "1.0.0-beta",
          "1.0.0-beta.2",
          "1.0.0-beta.11",
          "1.0.0-rc.1",
          "1.0.0",
          "2.9.0",
          "2.14.0",
          "2.14.1",
          "20260101000000000000000.0.0");

  @Test
  void isOrderedAsSemanticVersionsAre() {
    for (int i = 0; i < ASCENDING.size(); i++) {
      for (int j = 0; j < ASCENDING.size(); j++) {
        assertThat(Integer.signum(parse(ASCENDING.get(i)).compareTo(parse(ASCENDING.get(j)))))
            .as("%s and %s", ASCENDING.get(i), ASCENDING.get(j))
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  @Test
  void doesNotCountBuildMetadata() {
    assertThat(parse("1.2.3+5").compareTo(parse("1.2.3+exp.sha"))).isZero();
    assertThat(parse("1.2.3-rc.1+5").compareTo(parse("1.2.3-rc.1"))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1.2", "v1.2.3", "1.2.3.4", "1.2.x", "1.2.3-", " 1.2.3"})
  void readsNothingElse(String text) {
    assertThat(CodeVersion.parse(text)).isEmpty();
  }

  private static CodeVersion parse(String text) {
    return CodeVersion.parse(text).orElseThrow();
  }
}
