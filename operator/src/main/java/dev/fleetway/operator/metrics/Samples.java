package dev.fleetway.operator.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of gauges at one moment; of one with the same labels the values add up. */
final class Samples {
  // Tags are dear, and ten thousand tenants share a few of them.
  private final Map<FleetMetric, Map<List<String>, Double>> values =
      new EnumMap<>(FleetMetric.class);

  void add(FleetMetric metric, double value, Object... labels) {
    values
        .computeIfAbsent(metric, key -> new LinkedHashMap<>())
        .merge(Arrays.stream(labels).map(Object::toString).toList(), value, Double::sum);
  }

  Map<Tags, Double> of(FleetMetric metric) {
    Map<Tags, Double> tagged = new LinkedHashMap<>();
    values
        .getOrDefault(metric, Map.of())
        .forEach((labels, value) -> tagged.put(metric.tags(labels.toArray()), value));
    return tagged;
  }
}
