package dev.fleetway.operator.model;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The oldest application version that every tenant of a fleet can work with, and the ConfigMap that
 * tells others of it. Pure.
 *
 * @param version the highest {@code minCompatibleCodeVersion} of the fleet; empty: none declared
 */
public record FleetFloor(Optional<String> version) {
  /** Name of the ConfigMap in the fleet's namespace. */
  public static final String CONFIG_MAP = "fleetway-compatibility";

  /** Key of its data; it is missing while no tenant has a floor. */
  public static final String KEY = "minCompatibleCodeVersion";

  private static final Comparator<String> AS_VERSIONS =
      Comparator.comparing(
              (String text) -> CodeVersion.parse(text).orElseThrow(), Comparator.naturalOrder())
          // versions that differ in their build alone: always the same one, or it would flicker
          .thenComparing(Comparator.naturalOrder());

  /** Of what the tenants declare; what is no semantic version was not written by a runner. */
  public static FleetFloor of(Stream<String> declared) {
    return new FleetFloor(
        declared.distinct().filter(text -> CodeVersion.parse(text).isPresent()).max(AS_VERSIONS));
  }

  /** What to write; empty when what is stored says it already, or there is nothing to say. */
  public Optional<ConfigMap> unlessSaid(String namespace, Optional<ConfigMap> stored) {
    if (stored.map(ConfigMap::getData).map(data -> data.get(KEY)).equals(version)) {
      return Optional.empty();
    }
    Map<String, String> data = version.map(text -> Map.of(KEY, text)).orElse(Map.of());
    return Optional.of(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(CONFIG_MAP)
            .withNamespace(namespace)
            .withLabels(RunNames.MANAGED)
            .endMetadata()
            .withData(data)
            .build());
  }
}
