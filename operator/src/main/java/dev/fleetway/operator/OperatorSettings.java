package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.operator.apply.RunnerDefaults;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How an operator is installed.
 *
 * @param namespaces the namespaces it watches; empty for all
 * @param runner the runner's pods, unless a run says otherwise; at least their image
 * @param leaderElection whether replicas elect a leader
 * @param leaseNamespace namespace of the lease; null for the client's own
 * @param healthPort port of {@code /healthz} and {@code /readyz}; 0 for none
 * @param metricsPort port of {@code /metrics}; 0 for none
 * @param publishesFloor whether each fleet's oldest usable application version is kept in a
 *     ConfigMap, for the admission policy of the chart
 */
public record OperatorSettings(
    List<String> namespaces,
    Runner runner,
    boolean leaderElection,
    String leaseNamespace,
    int healthPort,
    int metricsPort,
    boolean publishesFloor) {

  private static final Runner ACCOUNT =
      new Runner(null, null, null, null, null, null, null, "fleetway-runner", null, null);

  public OperatorSettings {
    namespaces = List.copyOf(namespaces);
    runner = runner.orElse(ACCOUNT);
    if (runner.image() == null || runner.image().isBlank()) {
      throw new IllegalArgumentException(
          "no runner image: set FLEETWAY_RUNNER to {\"image\": …} with the image of this release's"
              + " runner");
    }
  }

  /** For an operator inside another program: one namespace, no leader election, no ports. */
  public static OperatorSettings of(String runnerImage, String namespace) {
    return new OperatorSettings(
        List.of(namespace), Runner.ofImage(runnerImage), false, null, 0, 0, false);
  }

  /** From the environment that the chart sets. */
  static OperatorSettings from(Map<String, String> env) {
    return new OperatorSettings(
        namespaces(env),
        runner(env.getOrDefault("FLEETWAY_RUNNER", "{}")),
        !"false".equals(env.get("FLEETWAY_LEADER_ELECTION")),
        env.get("POD_NAMESPACE"),
        Integer.parseInt(env.getOrDefault("FLEETWAY_HEALTH_PORT", "8080")),
        Integer.parseInt(env.getOrDefault("FLEETWAY_METRICS_PORT", "0")),
        "true".equals(env.get("FLEETWAY_PUBLISH_FLOOR")));
  }

  /** The namespaces it watches; empty for all. */
  static List<String> namespaces(Map<String, String> env) {
    return Arrays.stream(env.getOrDefault("FLEETWAY_NAMESPACES", "").split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static Runner runner(String json) {
    try {
      return Serialization.unmarshal(json, Runner.class);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "FLEETWAY_RUNNER is not the JSON of a run's spec.runner: " + json, e);
    }
  }

  RunnerDefaults runnerDefaults() {
    return new RunnerDefaults(runner);
  }
}
