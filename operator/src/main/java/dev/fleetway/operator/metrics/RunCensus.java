package dev.fleetway.operator.metrics;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.RunReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the stored runs say. Pure.
 *
 * <p>Runs are kept for good, so that re-applying a manifest does nothing: of those that are
 * finished only the newest few have labels of their own.
 */
final class RunCensus {
  static final int MOST_FINISHED = 20;

  private final Samples samples;

  private RunCensus(Samples samples) {
    this.samples = samples;
  }

  static void take(Collection<TenantMigrationRun> runs, Samples samples) {
    RunCensus census = new RunCensus(samples);
    for (TenantMigrationRun run : runs) {
      samples.add(FleetMetric.RUNS, 1, namespace(run), phase(run));
    }
    Map<String, List<TenantMigrationRun>> byNamespace =
        runs.stream().collect(Collectors.groupingBy(RunCensus::namespace));
    byNamespace.values().forEach(fleet -> census.told(fleet).forEach(census::add));
  }

  private List<TenantMigrationRun> told(List<TenantMigrationRun> runs) {
    Map<Boolean, List<TenantMigrationRun>> byEnd =
        runs.stream().collect(Collectors.partitioningBy(run -> phase(run).isFinished()));
    List<TenantMigrationRun> told =
        byEnd.get(true).stream()
            .sorted(Comparator.comparing(RunCensus::completion).reversed())
            .limit(MOST_FINISHED)
            .collect(Collectors.toList());
    told.addAll(byEnd.get(false));
    return told;
  }

  private void add(TenantMigrationRun run) {
    TenantMigrationRunStatus status = status(run);
    String namespace = namespace(run);
    String name = run.getMetadata().getName();
    samples.add(FleetMetric.RUN_PHASE, 1, namespace, name, run.getSpec().mode(), phase(run).name());
    attention(namespace, name, status);
    time(FleetMetric.RUN_START, namespace, name, status.startTime());
    time(FleetMetric.RUN_COMPLETION, namespace, name, status.completionTime());
    if (status.totals() != null) {
      totals(namespace, name, status.totals());
    }
    if (status.cohortCount() != null) {
      samples.add(FleetMetric.RUN_COHORTS, status.cohortCount(), namespace, name);
      samples.add(
          FleetMetric.RUN_COHORTS_CLOSED,
          status.lastClosedCohort() == null ? 0 : status.lastClosedCohort(),
          namespace,
          name);
    }
    Gate.running(status)
        .ifPresent(
            cohort -> time(FleetMetric.RUN_COHORT_START, namespace, name, cohort.startTime()));
    status.cohorts().stream()
        .filter(cohort -> cohort.completionTime() != null)
        .max(Comparator.comparing(Cohort::completionTime))
        .flatMap(RunCensus::duration)
        .ifPresent(
            time ->
                samples.add(FleetMetric.RUN_LAST_COHORT_DURATION, seconds(time), namespace, name));
    if (status.estimatedDuration() != null) {
      Duration left = Duration.parse("PT" + status.estimatedDuration().toUpperCase(Locale.ROOT));
      samples.add(FleetMetric.RUN_REMAINING, seconds(left), namespace, name);
    }
  }

  private void attention(String namespace, String name, TenantMigrationRunStatus status) {
    Condition stalled = status.condition("Stalled");
    Condition ready = status.condition("Ready");
    if (stalled != null && stalled.status() == Condition.Status.True) {
      samples.add(FleetMetric.RUN_STALLED, 1, namespace, name, stalled.reason());
    } else if (ready != null && RunReason.of(ready.reason(), RunReason.Planning).isBlocking()) {
      samples.add(FleetMetric.RUN_BLOCKED, 1, namespace, name, ready.reason());
    }
  }

  private void totals(String namespace, String name, Totals totals) {
    samples.add(FleetMetric.RUN_TENANTS, totals.pending(), namespace, name, "pending");
    samples.add(FleetMetric.RUN_TENANTS, totals.running(), namespace, name, "running");
    samples.add(FleetMetric.RUN_TENANTS, totals.succeeded(), namespace, name, "succeeded");
    samples.add(
        FleetMetric.RUN_TENANTS, totals.alreadyCurrent(), namespace, name, "alreadyCurrent");
    samples.add(FleetMetric.RUN_TENANTS, totals.failed(), namespace, name, "failed");
    samples.add(FleetMetric.RUN_TENANTS, totals.skipped(), namespace, name, "skipped");
  }

  private void time(FleetMetric metric, String namespace, String name, String when) {
    if (when != null) {
      samples.add(metric, Instant.parse(when).toEpochMilli() / 1000.0, namespace, name);
    }
  }

  /** How long a cohort took that has come to its end. */
  static Optional<Duration> duration(Cohort cohort) {
    return cohort.startTime() == null || cohort.completionTime() == null
        ? Optional.empty()
        : Optional.of(
            Duration.between(
                Instant.parse(cohort.startTime()), Instant.parse(cohort.completionTime())));
  }

  static TenantMigrationRunStatus status(TenantMigrationRun run) {
    return run.getStatus() == null ? TenantMigrationRunStatus.empty() : run.getStatus();
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private static String namespace(TenantMigrationRun run) {
    return run.getMetadata().getNamespace();
  }

  private static Phase phase(TenantMigrationRun run) {
    Phase phase = status(run).phase();
    return phase == null ? Phase.Pending : phase;
  }

  private static String completion(TenantMigrationRun run) {
    String time = status(run).completionTime();
    return time == null ? run.getMetadata().getCreationTimestamp() : time;
  }
}
