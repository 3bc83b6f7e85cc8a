package dev.fleetway.sandbox.fleet;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The manifest of a run, as a person would write it.
 *
 * @param namespace the namespace
 * @param name name of the run
 * @param bundle name of the ConfigMap with the scripts
 * @param targetVersion version to stop at; null for the newest
 * @param cohortSizes tenants per cohort
 */
public record RunManifest(
    String namespace, String name, String bundle, String targetVersion, List<Integer> cohortSizes) {

  public RunManifest {
    cohortSizes = List.copyOf(cohortSizes);
  }

  public String toYaml() {
    String target = targetVersion == null ? "" : "\n  targetVersion: \"" + targetVersion + "\"";
    String sizes = cohortSizes.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return """
    apiVersion: fleetway.dev/v1alpha1
    kind: TenantMigrationRun
    metadata:
      name: %s
      namespace: %s
    spec:
      migrations:
        configMapRefs:
        - name: %s%s
      rollout:
        cohortSizes: [%s]
        abortRate: 10%%
    """
        .formatted(name, namespace, bundle, target, sizes);
  }
}
