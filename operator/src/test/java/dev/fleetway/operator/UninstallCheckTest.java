package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UninstallCheckTest {
  @ParameterizedTest
  @CsvSource({
    "Pending, false, false, true",
    "Running, false, false, true",
    // no Job, no gate, and nothing will begin
    "Running, true, false, false",
    "Suspended, true, false, false",
    "Suspended, true, true, true",
    "Aborted, false, true, true",
    "Aborted, false, false, false",
    "Succeeded, false, false, false",
    "CompletedWithFailures, false, false, false",
    "Planned, false, false, false",
  })
  void refusesForARunAtWorkAndForAFinalizerOnly(
      String phase, boolean suspended, boolean held, boolean refuses) {
    assertThat(UninstallCheck.refusal(List.of(run("v1", phase, suspended, held))).isPresent())
        .isEqualTo(refuses);
  }

  @Test
  void refusesForARunThatNobodyHasLookedAt() {
    assertThat(UninstallCheck.refusal(List.of(run("v1", null, false, false)))).isPresent();
  }

  @Test
  void namesEachRunAndWhatToDo() {
    assertThat(
            UninstallCheck.refusal(
                List.of(
                    run("v1", "Running", false, true),
                    run("v2", "Succeeded", false, false),
                    run("v3", "Aborted", false, true))))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("fleet/v1 is Running\n  fleet/v3 is Aborted\nWait for them (kubectl")
                    .doesNotContain("v2"));
  }

  @Test
  void letsTheOperatorGoWhenNothingIsGoingOn() {
    assertThat(UninstallCheck.refusal(List.of())).isEmpty();
  }

  private static TenantMigrationRun run(
      String name, String phase, boolean suspended, boolean held) {
    return Serialization.unmarshal(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: %s, namespace: fleet, finalizers: [%s]}
        spec: {suspend: %s, migrations: {configMapRefs: [{name: sql}]}}
        %s
        """
            .formatted(
                name,
                held ? "fleetway.dev/drain-jobs" : "",
                suspended,
                phase == null ? "" : "status: {phase: " + phase + "}"),
        TenantMigrationRun.class);
  }
}
