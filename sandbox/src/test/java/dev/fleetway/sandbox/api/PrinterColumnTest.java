package dev.fleetway.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrinterColumnTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @Test
  void findsTheReasonOfOneCondition() {
    JsonNode run =
        Json.read("{status: {conditions: [{type: A, reason: X}, {type: Ready, reason: Y}]}}");
    PrinterColumn reason =
        PrinterColumn.text("Reason", ".status.conditions[?(@.type==\"Ready\")].reason");

    assertThat(reason.valueIn(run, NOW).asText()).isEqualTo("Y");
    assertThat(reason.valueIn(Json.empty(), NOW)).isNull();
  }

  @Test
  void showsADateAsAnAge() {
    JsonNode object = Json.read("{metadata: {creationTimestamp: \"2026-11-21T09:57:30Z\"}}");

    assertThat(PrinterColumn.AGE.valueIn(object, NOW).asText()).isEqualTo("2m30s");
  }

  @ParameterizedTest
  @CsvSource({
    "119, 119s",
    "120, 2m",
    "599, 9m59s",
    "600, 10m",
    "10799, 179m",
    "10800, 3h",
    "12000, 3h20m",
    "172799, 47h",
    "172800, 2d"
  })
  void writesAgesAsKubectlDoes(long seconds, String text) {
    assertThat(PrinterColumn.humanDuration(Duration.ofSeconds(seconds))).isEqualTo(text);
  }
}
