package dev.fleetway.operator;

import dev.fleetway.operator.apply.RunnerDefaults;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How an operator is installed.
 *
 * @param namespaces the namespaces it watches; empty for all
 * @param runnerImage image of the runner, unless a run names another
 * @param runnerServiceAccount ServiceAccount of the runner in each watched namespace
 * @param runnerResources resources of the runner, unless a run names others; null for none
 * @param leaderElection whether replicas elect a leader
 * @param leaseNamespace namespace of the lease; null for the client's own
 * @param healthPort port of {@code /healthz} and {@code /readyz}; 0 for none
 */
public record OperatorSettings(
    List<String> namespaces,
    String runnerImage,
    String runnerServiceAccount,
    ResourceRequirements runnerResources,
    boolean leaderElection,
    String leaseNamespace,
    int healthPort) {

  private static final String SERVICE_ACCOUNT = "fleetway-runner";

  public OperatorSettings {
    namespaces = List.copyOf(namespaces);
    if (runnerImage == null || runnerImage.isBlank()) {
      throw new IllegalArgumentException(
          "no runner image: set FLEETWAY_RUNNER_IMAGE to the image of this release's runner");
    }
  }

  /** For an operator inside another program: one namespace, no leader election, no health port. */
  public static OperatorSettings of(String runnerImage, String namespace) {
    return new OperatorSettings(
        List.of(namespace), runnerImage, SERVICE_ACCOUNT, null, false, null, 0);
  }

  /** From the environment that the chart sets. */
  static OperatorSettings from(Map<String, String> env) {
    String resources = env.getOrDefault("FLEETWAY_RUNNER_RESOURCES", "");
    return new OperatorSettings(
        Arrays.stream(env.getOrDefault("FLEETWAY_NAMESPACES", "").split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList(),
        env.get("FLEETWAY_RUNNER_IMAGE"),
        env.getOrDefault("FLEETWAY_RUNNER_SERVICE_ACCOUNT", SERVICE_ACCOUNT),
        resources.isBlank() ? null : Serialization.unmarshal(resources, ResourceRequirements.class),
        !"false".equals(env.get("FLEETWAY_LEADER_ELECTION")),
        env.get("POD_NAMESPACE"),
        Integer.parseInt(env.getOrDefault("FLEETWAY_HEALTH_PORT", "8080")));
  }

  RunnerDefaults runnerDefaults() {
    return new RunnerDefaults(runnerImage, runnerServiceAccount, runnerResources);
  }
}
