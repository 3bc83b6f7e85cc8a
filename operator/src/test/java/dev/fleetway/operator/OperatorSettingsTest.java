package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fleetway.api.v1alpha1.Runner;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorSettingsTest {
  @Test
  void readsTheRunnerFromOneVariableInTheFormThatARunHas() {
    Runner runner =
        OperatorSettings.from(
                Map.of(
                    "FLEETWAY_RUNNER",
                    """
                    {"image": "runner:1", "serviceAccountName": "mine",
                     "resources": {"limits": {"memory": "1Gi"}},
                     "tolerations": [{"key": "batch", "operator": "Exists"}],
                     "imagePullSecrets": [{"name": "login"}], "podLabels": {"team": "db"}}
                    """))
            .runnerDefaults()
            .runner();

    assertThat(runner.image()).isEqualTo("runner:1");
    assertThat(runner.serviceAccountName()).isEqualTo("mine");
    assertThat(runner.resources().getLimits()).containsOnlyKeys("memory");
    assertThat(runner.tolerations()).singleElement().extracting("key").isEqualTo("batch");
    assertThat(runner.imagePullSecrets()).containsExactly(new Runner.PullSecret("login"));
    assertThat(runner.podLabels()).isEqualTo(Map.of("team", "db"));
  }

  @Test
  void theServiceAccountHasADefault() {
    assertThat(OperatorSettings.of("runner:1", "fleet").runner().serviceAccountName())
        .isEqualTo("fleetway-runner");
  }

  @Test
  void saysWhichVariableIsNotJson() {
    assertThatThrownBy(() -> OperatorSettings.from(Map.of("FLEETWAY_RUNNER", "{image:")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("FLEETWAY_RUNNER is not the JSON of a run's spec.runner: {image:");
  }

  @Test
  void watchesTheNamedNamespacesAndWithoutNamesAll() {
    Map<String, String> runner = Map.of("FLEETWAY_RUNNER", "{\"image\": \"runner:1\"}");
    assertThat(OperatorSettings.from(runner).namespaces()).isEmpty();
    assertThat(
            OperatorSettings.from(
                    Map.of(
                        "FLEETWAY_RUNNER",
                        "{\"image\": \"runner:1\"}",
                        "FLEETWAY_NAMESPACES",
                        "team-a, team-b,"))
                .namespaces())
        .containsExactly("team-a", "team-b");
  }
}
