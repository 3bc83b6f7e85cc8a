package dev.fleetway.operator.metrics;

import static dev.fleetway.operator.RunSpecs.spec;
import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.SimulatedRun;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.JobState.Progress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RolloutCountersTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private RolloutCounters counters = new RolloutCounters(registry);

  @Test
  void countsEachOutcomeOnceOverAnAbortAndTheAttemptThatResumesIt() {
    SimulatedRun run = abortedByItsFirstTenant();
    assertThat(outcomes())
        .isEqualTo(Map.of("Failed/ConstraintViolation", 1.0, "Skipped/CohortAborted", 1.0));

    run.resume();
    steps(run, 3);
    run.cohortEnds(Map.of());
    steps(run, 5);

    assertThat(outcomes())
        .isEqualTo(
            Map.of(
                "Failed/ConstraintViolation",
                1.0,
                "Skipped/CohortAborted",
                1.0,
                "Succeeded/",
                2.0));
    assertThat(count(FleetMetric.COHORT_DURATION, "state", "aborted")).isOne();
    assertThat(count(FleetMetric.COHORT_DURATION, "state", "closed")).isOne();
    assertThat(registry.get(FleetMetric.RUNS_ENDED.meter()).counters())
        .allSatisfy(counter -> assertThat(counter.count()).isEqualTo(1))
        .hasSize(2);
  }

  @Test
  void aLookAtAnEndedRunAndAnotherProcessCountNothingAgain() {
    SimulatedRun run = abortedByItsFirstTenant();
    Map<String, Double> counted = outcomes();

    counters = new RolloutCounters(registry);
    steps(run, 3);

    assertThat(outcomes()).isEqualTo(counted);
    assertThat(count(FleetMetric.COHORT_DURATION, "state", "aborted")).isOne();
  }

  @Test
  void timesTheTenantsThatARunnerSpokeFor() {
    abortedByItsFirstTenant();

    assertThat(count(FleetMetric.TENANT_DURATION, "outcome", "Failed")).isOne();
    assertThat(registry.get(FleetMetric.TENANT_DURATION.meter()).timers()).hasSize(1);
  }

  private SimulatedRun abortedByItsFirstTenant() {
    SimulatedRun run = new SimulatedRun(spec("20%", 2), 2);
    steps(run, 2);
    run.inspected();
    steps(run, 4);
    run.outcome(name(1), Outcome.Failed, TenantReason.ConstraintViolation);
    steps(run, 1);
    run.jobs().end(Progress.COMPLETE);
    steps(run, 2);
    return run;
  }

  private void steps(SimulatedRun run, int count) {
    for (int i = 0; i < count; i++) {
      TenantMigrationRunStatus before = run.status();
      Decision decision = run.step();
      Optional<CohortTally> settled =
          decision instanceof SettleCohort settle
              ? Optional.of(settle.verdict().tally())
              : Optional.empty();
      if (!before.equals(run.status())) {
        counters.count(SimulatedRun.NAMESPACE, before, run.status(), settled);
      }
    }
  }

  private Map<String, Double> outcomes() {
    Map<String, Double> found = new TreeMap<>();
    registry
        .get(FleetMetric.TENANT_OUTCOMES.meter())
        .counters()
        .forEach(
            counter ->
                found.put(
                    counter.getId().getTag("outcome") + "/" + counter.getId().getTag("reason"),
                    counter.count()));
    return found;
  }

  private long count(FleetMetric metric, String label, String value) {
    return registry.get(metric.meter()).tag(label, value).timer().count();
  }
}
