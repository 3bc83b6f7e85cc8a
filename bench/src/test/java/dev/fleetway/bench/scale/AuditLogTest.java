package dev.fleetway.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditLogTest {
  private static final String STATUS_PATCH =
      """
      {"kind":"Event","level":"Request","stage":"ResponseComplete","verb":"patch",
       "user":{"username":"kubeapitest"},"userAgent":"fleetway-operator",
       "objectRef":{"resource":"tenantmigrationruns","namespace":"default","name":"v105",
         "apiGroup":"fleetway.dev","apiVersion":"v1alpha1","subresource":"status"},
       "responseStatus":{"metadata":{},"code":200},
       "requestObject":{"status":{"phase":"Running","lastClosedCohort":3}},
       "requestReceivedTimestamp":"2026-11-21T13:16:27.098587Z",
       "stageTimestamp":"2026-11-21T13:16:27.173551Z"}
      """;

  @Test
  void aRequestHasItsSenderItsSubresourceAndItsBody() {
    ApiRequest request = AuditLog.parse(STATUS_PATCH).orElseThrow();

    assertThat(request.did(Sender.OPERATOR, "patch", "tenantmigrationruns/status")).isTrue();
    assertThat(request.isWrite()).isTrue();
    assertThat(request.name()).isEqualTo("v105");
    assertThat(request.answered()).isEqualTo(Instant.parse("2026-11-21T13:16:27.173551Z"));
    assertThat(request.body().at("/status/lastClosedCohort").asInt()).isEqualTo(3);
  }

  @Test
  void aRefusedWriteIsAWriteThatDidNothing() {
    ApiRequest request =
        AuditLog.parse(STATUS_PATCH.replace("\"code\":200", "\"code\":409")).orElseThrow();

    assertThat(request.isWrite()).isTrue();
    assertThat(request.did(Sender.OPERATOR, "patch", "tenantmigrationruns/status")).isFalse();
  }

  @Test
  void watchesAndWhatIsNoObjectAreLeftOut() {
    assertThat(AuditLog.parse(STATUS_PATCH.replace("\"patch\"", "\"watch\""))).isEmpty();
    assertThat(AuditLog.parse("{\"verb\":\"get\",\"requestURI\":\"/readyz\"}")).isEmpty();
  }
}
