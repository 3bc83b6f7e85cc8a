package dev.fleetway.operator.metrics;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.TenantView;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** All metrics of one operator process. */
public final class OperatorMetrics implements AutoCloseable {
  private static final String CONTROLLERS = "operator.sdk.controllers.execution";
  private static final DistributionStatisticConfig RECONCILE_BUCKETS =
      DistributionStatisticConfig.builder()
          .percentilesHistogram(false)
          .serviceLevelObjectives(
              DoubleStream.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
                  .map(seconds -> seconds * 1e9)
                  .toArray())
          .build();

  private final PrometheusMeterRegistry registry = bounded();
  private final ServerLoad servers = new ServerLoad();
  private final StoredGauges stored = new StoredGauges(registry, servers);
  private final RolloutCounters counters = new RolloutCounters(registry);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Metrics controllers = MicrometerMetrics.withoutPerResourceMetrics(registry);
  private FleetSource fleet;

  public OperatorMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /**
   * What the SDK measures would have a series for each number of a retry, of which there is no end
   * here, and for each of 66 buckets of a time.
   */
  private static PrometheusMeterRegistry bounded() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry
        .config()
        .meterFilter(
            MeterFilter.ignoreTags(
                "reconciliations.retries.number",
                "reconciliations.retries.last",
                "group",
                "version",
                "scope",
                "resource.group",
                "resource.kind",
                "resource.version",
                "resource.scope"))
        .meterFilter(
            new MeterFilter() {
              @Override
              public DistributionStatisticConfig configure(
                  Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().startsWith(CONTROLLERS)
                    ? RECONCILE_BUCKETS.merge(config)
                    : config;
              }
            });
    return registry;
  }

  /** Where the gauges are computed from; before the first scrape. */
  public void of(FleetSource source) {
    fleet = source;
  }

  /** What the SDK tells of its controllers and their queues. */
  public Metrics ofControllers() {
    return controllers;
  }

  /**
   * A status was written.
   *
   * @param settled the cohort that this brought to its end, of a run in mode Apply
   */
  public void written(
      String namespace,
      TenantMigrationRunStatus before,
      TenantMigrationRunStatus after,
      Optional<CohortTally> settled) {
    counters.count(namespace, before, after, settled);
  }

  /**
   * What a run's pods have to do now.
   *
   * @param work what the cohort at work was started with; empty when no pod is at work, and when
   *     the run is gone
   * @param tenants its tenants by name
   */
  public void atWork(
      String namespace, String run, Optional<Assignment> work, Map<String, TenantView> tenants) {
    servers.set(namespace, run, work, tenants);
  }

  /** Everything, in the text format 0.0.4 of Prometheus. */
  public synchronized String scrape() {
    stored.refresh(fleet);
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
