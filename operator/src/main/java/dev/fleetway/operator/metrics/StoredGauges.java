package dev.fleetway.operator.metrics;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The gauges that are computed anew each time somebody asks. */
final class StoredGauges {
  private final Map<FleetMetric, MultiGauge> gauges = new EnumMap<>(FleetMetric.class);
  private final ServerLoad servers;

  StoredGauges(MeterRegistry registry, ServerLoad servers) {
    this.servers = servers;
    for (FleetMetric metric : FleetMetric.values()) {
      if (metric.kind() == FleetMetric.Kind.GAUGE || metric.kind() == FleetMetric.Kind.SECONDS) {
        MultiGauge.Builder gauge = MultiGauge.builder(metric.meter()).description(metric.meaning());
        if (metric.kind() == FleetMetric.Kind.SECONDS) {
          gauge.baseUnit("seconds");
        }
        gauges.put(metric, gauge.register(registry));
      }
    }
  }

  /** What is no longer stored is no longer told. */
  void refresh(FleetSource fleet) {
    Samples samples = new Samples();
    boolean leads = fleet.leads();
    samples.add(FleetMetric.LEADER, leads ? 1 : 0);
    if (leads) {
      List<TenantMigrationRun> runs = fleet.runs().toList();
      RunCensus.take(runs, samples);
      TenantCensus.take(fleet.tenants(), runs, samples);
      servers.tell(samples);
    }
    gauges.forEach(
        (metric, gauge) ->
            gauge.register(
                samples.of(metric).entrySet().stream()
                    .<MultiGauge.Row<?>>map(
                        sample -> MultiGauge.Row.of(sample.getKey(), sample.getValue()))
                    .toList(),
                true));
  }
}
