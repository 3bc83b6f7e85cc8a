package dev.fleetway.operator.metrics;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.operator.model.CohortTally;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What happened, each time once: a transition between two statuses is seen by the one process that
 * wrote the second, right after the write. Nobody counts it again: not the next look, which finds
 * the second status, nor another process. In a crash between write and count it is not counted,
 * like all that a process counted since it was last scraped.
 */
final class RolloutCounters {
  private static final Duration[] TENANT_BUCKETS =
      seconds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600);
  private static final Duration[] COHORT_BUCKETS =
      seconds(5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400);

  private final MeterRegistry registry;

  RolloutCounters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts.
   *
   * @param settled the cohort that the write brought to its end, of a run in mode Apply
   */
  void count(
      String namespace,
      TenantMigrationRunStatus before,
      TenantMigrationRunStatus after,
      Optional<CohortTally> settled) {
    after.cohorts().stream()
        .filter(cohort -> cohort.state() != CohortState.Running && isNews(before, cohort))
        .forEach(cohort -> count(namespace, cohort));
    settled.ifPresent(tally -> count(namespace, tally, after.attempt()));
    if (after.phase() != null && after.phase().isEnded() && after.phase() != before.phase()) {
      Condition ready = after.condition("Ready");
      count(FleetMetric.RUNS_ENDED, namespace, after.phase(), ready == null ? "" : ready.reason());
    }
  }

  private static boolean isNews(TenantMigrationRunStatus before, Cohort cohort) {
    return before.cohorts().stream()
        .noneMatch(
            old ->
                old.number().equals(cohort.number())
                    && old.attempt().equals(cohort.attempt())
                    && old.state() == cohort.state());
  }

  private void count(String namespace, Cohort cohort) {
    RunCensus.duration(cohort)
        .ifPresent(
            time ->
                record(
                    FleetMetric.COHORT_DURATION,
                    COHORT_BUCKETS,
                    time,
                    namespace,
                    cohort.state().name().toLowerCase(Locale.ROOT)));
  }

  /** An outcome of an older attempt was counted when its own cohort ended. */
  private void count(String namespace, CohortTally tally, int attempt) {
    for (CohortTally.Line line : tally.lines()) {
      Optional<LastRun> evidence = line.evidence();
      if (evidence.filter(found -> found.attempt() != attempt).isPresent()) {
        continue;
      }
      count(
          FleetMetric.TENANT_OUTCOMES,
          namespace,
          line.outcome(),
          line.reason() == null ? "" : line.reason());
      evidence
          .map(LastRun::durationMillis)
          .map(Duration::ofMillis)
          .ifPresent(
              time ->
                  record(
                      FleetMetric.TENANT_DURATION,
                      TENANT_BUCKETS,
                      time,
                      namespace,
                      line.outcome()));
    }
  }

  private void count(FleetMetric metric, Object... labels) {
    Counter.builder(metric.meter())
        .description(metric.meaning())
        .tags(metric.tags(labels))
        .register(registry)
        .increment();
  }

  private void record(FleetMetric metric, Duration[] buckets, Duration time, Object... labels) {
    Timer.builder(metric.meter())
        .description(metric.meaning())
        .serviceLevelObjectives(buckets)
        .tags(metric.tags(labels))
        .register(registry)
        .record(time);
  }

  private static Duration[] seconds(double... bounds) {
    return Arrays.stream(bounds)
        .mapToObj(bound -> Duration.ofMillis(Math.round(bound * 1000)))
        .toArray(Duration[]::new);
  }
}
