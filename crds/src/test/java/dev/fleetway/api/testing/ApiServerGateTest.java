package dev.fleetway.api.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiServerGateTest {
  @Test
  void opensWhereTheProgramsAre() {
    assertThat(ApiServerGate.of(Map.of("KUBE_API_TEST_DIR", "/programs", "CI", "true")))
        .isEqualTo(ApiServerGate.OPEN);
  }

  @Test
  void skipsOnAMachineWithoutThePrograms() {
    assertThat(ApiServerGate.of(Map.of())).isEqualTo(ApiServerGate.SKIP);
    assertThat(ApiServerGate.of(Map.of("CI", "false"))).isEqualTo(ApiServerGate.SKIP);
  }

  @Test
  void failsInAPipelineWithoutThePrograms() {
    assertThat(ApiServerGate.of(Map.of("CI", "true"))).isEqualTo(ApiServerGate.FAIL);
    assertThat(ApiServerGate.of(Map.of("CI", "true", "KUBE_API_TEST_DIR", " ")))
        .isEqualTo(ApiServerGate.FAIL);
  }
}
