package dev.fleetway.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Execution;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.RunSpecs;
import dev.fleetway.operator.SimulatedRun;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.status.RemainingTime.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemainingTimeTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0,10s",
    "1,10s",
    "10,10s",
    "11,20s",
    "51,1m",
    "60,1m",
    "61,2m",
    "2520,42m",
    "3600,1h",
    "3601,1h5m",
    "3900,1h5m",
    "3901,1h10m",
    "35999,10h",
    "36001,11h",
    "97200,27h"
  })
  void isRoundedUpAndNoMoreExactThanItIs(long seconds, String text) {
    assertThat(RemainingTime.text(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void dividesTheMeanOfThisCohortsTenantsByWhatRunsAtTheSameTime() {
    // 2 s a tenant, three at a time
    assertThat(ofRun(new Work(300, 0), tally(90, 10, 2000), List.of(), spec("0s")))
        .contains(Duration.ofSeconds(200));
  }

  @Test
  void addsTheStaggersThatAreLeft() {
    assertThat(ofRun(new Work(300, 4), tally(90, 10, 2000), List.of(), spec("60s")))
        .contains(Duration.ofSeconds(200 + 240));
  }

  @Test
  void addsWhatEachCohortTookBesideItsTenants() {
    // 30 tenants of 2 s, three at a time: 20 s of work in 25 s
    assertThat(
            ofRun(
                new Work(60, 2),
                tally(10, 20, 2000),
                List.of(closed(1, 30, START, START.plusSeconds(25))),
                spec("0s")))
        .contains(Duration.ofSeconds(40 + 2 * 5));
  }

  @Test
  void doesNotTakeACanarysStartUpForTheTimeOfATenant() {
    assertThat(
            ofRun(
                new Work(999, 10),
                tally(0, 1, 1000),
                List.of(closed(1, 1, START, START.plusSeconds(6))),
                spec("0s")))
        .contains(Duration.ofSeconds(999 + 10 * 5));
  }

  @Test
  void isNotShortenedByAClockThatWasSetBack() {
    assertThat(
            ofRun(
                new Work(30, 1),
                tally(0, 30, 1000),
                List.of(closed(1, 30, START, START.minusSeconds(3600))),
                spec("0s")))
        .contains(Duration.ofSeconds(10));
  }

  @Test
  void isNotInventedBeforeATenantWasMeasured() {
    assertThat(ofRun(new Work(300, 3), tally(10, 0, 0), List.of(), spec("60s"))).isEmpty();
  }

  @Test
  void countsATenantWhoseServerIsShared() {
    // one server takes one tenant at a time, whatever the concurrency
    TenantMigrationRunSpec narrow = spec("0s", 10, 1);
    assertThat(ofRun(new Work(30, 0), tally(0, 30, 1000), List.of(), narrow))
        .contains(Duration.ofSeconds(30));
  }

  @Test
  void startsFromTheMedianOfTheFleetsLastMigrations() {
    List<TenantView> fleet =
        List.of(
            tenant(1, Outcome.Succeeded, 1000L),
            tenant(2, Outcome.Succeeded, 3000L),
            tenant(3, Outcome.Succeeded, 90_000L),
            // says nothing about a migration
            tenant(4, Outcome.AlreadyCurrent, 5L),
            tenant(5, Outcome.Failed, 120_000L),
            tenant(6, null, null));
    assertThat(RemainingTime.ofFleet(plan(6, 3), fleet, spec("60s")))
        .contains(Duration.ofSeconds(6 * 3 / 3 + 60));
  }

  @Test
  void aRunInModePlanNeverStaggers() {
    TenantMigrationRunSpec plan =
        RunSpecs.with(spec("60s"), Mode.Plan, spec("60s").execution(), null, null);
    List<TenantView> fleet = List.of(tenant(1, Outcome.Succeeded, 2000L), tenant(2, null, null));

    assertThat(RemainingTime.ofFleet(plan(2, 1), fleet, plan)).contains(Duration.ofSeconds(4));
    assertThat(ofRun(new Work(300, 4), tally(90, 10, 2000), List.of(), plan))
        .contains(Duration.ofSeconds(200));
  }

  @Test
  void isUnknownForAFleetThatWasNeverMigrated() {
    assertThat(RemainingTime.ofFleet(plan(1, 1), List.of(tenant(1, null, null)), spec("60s")))
        .isEmpty();
  }

  private static Optional<Duration> ofRun(
      Work work, CohortTally tally, List<Cohort> cohorts, TenantMigrationRunSpec spec) {
    return RemainingTime.ofRun(work, tally, cohorts, spec);
  }

  private static TenantMigrationRunSpec spec(String stagger) {
    return spec(stagger, null, null);
  }

  private static TenantMigrationRunSpec spec(
      String stagger, Integer concurrency, Integer perServer) {
    TenantMigrationRunSpec s =
        RunSpecs.spec(RunSpecs.rollout(null, stagger, 100), new Tenants(null, null, null));
    return new TenantMigrationRunSpec(
        s.mode(),
        s.migrations(),
        null,
        null,
        s.tenants(),
        s.rollout(),
        new Execution(concurrency, null, perServer, null, null, null),
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static RolloutPlan plan(int tenants, int size) {
    List<PlannedTenant> all =
        IntStream.rangeClosed(1, tenants).mapToObj(RemainingTimeTest::planned).toList();
    return new RolloutPlan(
        "sha256:0",
        IntStream.range(0, tenants / size)
            .mapToObj(i -> all.subList(i * size, (i + 1) * size))
            .toList());
  }

  private static CohortTally tally(int open, int done, long millis) {
    return new CohortTally(
        Stream.concat(
                IntStream.rangeClosed(1, done)
                    .mapToObj(i -> line(i, tenant(i, Outcome.Succeeded, millis))),
                IntStream.rangeClosed(done + 1, done + open)
                    .mapToObj(i -> line(i, tenant(i, null, null))))
            .toList());
  }

  private static CohortTally.Line line(int number, TenantView view) {
    return new CohortTally.Line(
        planned(number),
        view.lastRun().map(LastRun::outcome).orElse(null),
        null,
        view.lastRun(),
        Optional.of(view));
  }

  private static PlannedTenant planned(int number) {
    return new PlannedTenant(SimulatedRun.name(number), "uid-" + number);
  }

  private static TenantView tenant(int number, Outcome outcome, Long millis) {
    Optional<LastRun> lastRun =
        Optional.ofNullable(outcome)
            .map(
                found ->
                    new LastRun(
                        "v1",
                        "uid",
                        1,
                        1,
                        found,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        1,
                        START.toString(),
                        millis,
                        null,
                        null));
    return new TenantView(
        SimulatedRun.name(number),
        "uid-" + number,
        Map.of(),
        new TenantSpec(
            TenantSpec.State.Active,
            new TenantSpec.Database("pg-1", 5432, "db", null, null, null, null, null)),
        lastRun);
  }

  private static Cohort closed(int number, int size, Instant from, Instant to) {
    return new Cohort(
        number,
        size,
        size,
        0,
        0,
        0,
        CohortState.Closed,
        1,
        "job",
        null,
        from.toString(),
        to.toString());
  }
}
