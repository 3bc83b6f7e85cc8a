package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaVersionTest {

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "9, <, 10",
    "1.9, <, 1.10",
    "1_9, <, 1.10",
    "1, =, 1.0",
    "1.0, =, 1.0.0",
    "1, <, 1.0.1",
    "007, =, 7",
    "0, =, 0.0",
    "105, >, 104.9.9",
    "20260101120000, <, 20260101120001",
    "99999999999999999999, <, 100000000000000000000",
  })
  void isOrderedAsFlywayOrdersMigrations(String left, String relation, String right) {
    int expected = "<".equals(relation) ? -1 : "=".equals(relation) ? 0 : 1;
    assertThat(Integer.signum(parse(left).compareTo(parse(right)))).isEqualTo(expected);
    assertThat(Integer.signum(parse(right).compareTo(parse(left)))).isEqualTo(-expected);
    assertThat(parse(left).equals(parse(right))).isEqualTo(expected == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1", "1.", ".1", "1..2", "1-2", "<< Flyway Baseline >>"})
  void readsNothingElse(String text) {
    assertThat(SchemaVersion.parse(text)).isEmpty();
  }

  private static SchemaVersion parse(String text) {
    return SchemaVersion.parse(text).orElseThrow();
  }
}
