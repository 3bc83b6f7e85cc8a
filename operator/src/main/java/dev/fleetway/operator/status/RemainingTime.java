package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.TenantView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How long a run still takes, from what was measured: first the median of the fleet's last
 * migrations; from the first tenant on the tenants of the cohort at work, what each closed cohort
 * took beyond its tenants (a pod that starts, a summary that is written), and the staggers left.
 * Pure, and no function of the time of day: only new evidence changes it.
 */
public final class RemainingTime {
  private RemainingTime() {}

  /**
   * What is left to do.
   *
   * @param tenants tenants without an outcome, and failed ones that run again
   * @param cohorts cohorts that have not started, or start again
   */
  record Work(int tenants, int cohorts) {}

  /** Before anyone was migrated: from the last runs of the planned tenants. */
  public static Optional<Duration> ofFleet(
      RolloutPlan plan, Collection<TenantView> fleet, TenantMigrationRunSpec spec) {
    Map<String, TenantView> byName =
        fleet.stream().collect(Collectors.toMap(TenantView::name, Function.identity()));
    List<TenantView> planned =
        plan.cohorts().stream()
            .flatMap(List::stream)
            .map(PlannedTenant::name)
            .map(byName::get)
            .filter(Objects::nonNull)
            .toList();
    List<Long> durations =
        planned.stream()
            .map(TenantView::lastRun)
            .flatMap(Optional::stream)
            .filter(lastRun -> lastRun.outcome() == Outcome.Succeeded)
            .map(LastRun::durationMillis)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    if (durations.isEmpty()) {
      return Optional.empty();
    }
    int most = plan.cohorts().stream().mapToInt(List::size).max().orElse(1);
    double parallel = parallel(spec, planned, most);
    long median = durations.get((durations.size() - 1) / 2);
    return Optional.of(
        millis(planned.size() * median / parallel).plus(staggers(spec, plan.cohortCount() - 1)));
  }

  /** From the tenants that the cohort at work, or the one that just closed, has done. */
  static Optional<Duration> ofRun(
      Work work, CohortTally tally, List<Cohort> cohorts, TenantMigrationRunSpec spec) {
    OptionalDouble mean =
        tally.lines().stream()
            .map(CohortTally.Line::evidence)
            .flatMap(Optional::stream)
            .map(LastRun::durationMillis)
            .filter(Objects::nonNull)
            .mapToLong(Long::longValue)
            .average();
    if (mean.isEmpty()) {
      return Optional.empty();
    }
    List<TenantView> members =
        tally.lines().stream().map(CohortTally.Line::view).flatMap(Optional::stream).toList();
    double perTenant = mean.getAsDouble() / parallel(spec, members, tally.lines().size());
    double perCohort = overhead(cohorts, mean.getAsDouble(), spec, members);
    return Optional.of(
        millis(work.tenants() * perTenant + work.cohorts() * perCohort)
            .plus(staggers(spec, work.cohorts())));
  }

  /** A run in mode Plan changes nothing, and so never waits between its cohorts. */
  private static Duration staggers(TenantMigrationRunSpec spec, int cohorts) {
    return spec.mode() == Mode.Plan
        ? Duration.ZERO
        : spec.rollout().staggerTime().multipliedBy(Math.max(0, cohorts));
  }

  /** What a cohort takes beside its tenants, on average over those that went through at once. */
  private static double overhead(
      List<Cohort> cohorts, double mean, TenantMigrationRunSpec spec, List<TenantView> members) {
    return Math.max(
        0,
        cohorts.stream()
            .filter(c -> c.state() == CohortState.Closed && c.attempt() == 1)
            .filter(c -> c.startTime() != null && c.completionTime() != null)
            .filter(c -> c.skipped() < c.size())
            .mapToDouble(
                c -> {
                  int done = c.size() - c.skipped();
                  return wall(c) - done * mean / parallel(spec, members, done);
                })
            .average()
            .orElse(0));
  }

  /** A clock that was set back must not shorten what is left. */
  private static long wall(Cohort cohort) {
    return Math.max(
        0,
        Duration.between(Instant.parse(cohort.startTime()), Instant.parse(cohort.completionTime()))
            .toMillis());
  }

  /** Tenants that are in work at the same time. */
  private static double parallel(
      TenantMigrationRunSpec spec, List<TenantView> members, int atMost) {
    long servers = members.stream().map(view -> view.spec().database().server()).distinct().count();
    long pods = (long) spec.execution().concurrency() * spec.execution().shards();
    long perServers = spec.execution().maxConcurrencyPerServer() * Math.max(1, servers);
    return Math.max(1, Math.min(atMost, Math.min(pods, perServers)));
  }

  private static Duration millis(double millis) {
    return Duration.ofMillis((long) Math.ceil(millis));
  }

  /**
   * Such as {@code 50s}, {@code 42m}, {@code 1h5m}, {@code 27h}: rounded up, no more exact than it
   * is.
   */
  public static String text(Duration duration) {
    long seconds = Math.max(1, duration.toSeconds() + (duration.toNanosPart() > 0 ? 1 : 0));
    if (seconds < 60) {
      long tens = up(seconds, 10);
      return tens == 60 ? "1m" : tens + "s";
    }
    long minutes = up(seconds, 60) / 60;
    if (minutes >= 60) {
      minutes = up(minutes, minutes < 600 ? 5 : 60);
    }
    long hours = minutes / 60;
    long rest = minutes % 60;
    return (hours > 0 ? hours + "h" : "") + (rest > 0 ? rest + "m" : "");
  }

  private static long up(long value, long step) {
    return (value + step - 1) / step * step;
  }
}
