package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.Execution;
import dev.fleetway.api.v1alpha1.Rollout;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * What a run is started with; its text is a sentence.
 *
 * @param settle the time between gate and Job; empty for no gate
 * @param pauseAfter empty: the run waits for nobody
 */
record RolloutSetup(
    Mode mode,
    String abortRate,
    List<Integer> cohortSizes,
    String stagger,
    int shards,
    Optional<String> settle,
    Optional<Integer> pauseAfter) {
  static final int TENANTS = 7;
  private static final int SERVERS = 3;

  static Arbitrary<RolloutSetup> any() {
    Arbitrary<RolloutSetup> applied =
        Combinators.combine(
                Arbitraries.of("40%", "0%", "34%", "50%", "100%"),
                Arbitraries.of(List.of(1, 2), List.of(3), List.of(2, 1), List.of(TENANTS)),
                Arbitraries.of("0s", "5s"),
                Arbitraries.of(1, 3),
                Arbitraries.of("", "0s", "4s")
                    .map(text -> Optional.of(text).filter(s -> !s.isEmpty())),
                Arbitraries.of(0, 1, 2).map(count -> Optional.of(count).filter(n -> n > 0)))
            .as(
                (rate, sizes, stagger, shards, settle, pause) ->
                    new RolloutSetup(Mode.Apply, rate, sizes, stagger, shards, settle, pause));
    Arbitrary<RolloutSetup> planned =
        Combinators.combine(Arbitraries.of(List.of(1, 2), List.of(3)), Arbitraries.of(1, 3))
            .as(
                (sizes, shards) ->
                    new RolloutSetup(
                        Mode.Plan, "10%", sizes, "5s", shards, Optional.empty(), Optional.empty()));
    return Arbitraries.frequencyOf(Tuple.of(5, applied), Tuple.of(1, planned));
  }

  /** The run with a frozen plan, before its first cohort. */
  SimulatedRun start() {
    SimulatedRun run = new SimulatedRun(spec(), TENANTS);
    for (int i = 1; i <= TENANTS; i++) {
      run.fleet().repoint(SimulatedRun.name(i), "pg-" + i % SERVERS, SimulatedRun.name(i));
    }
    return run.untilPlanned();
  }

  private TenantMigrationRunSpec spec() {
    TenantMigrationRunSpec spec =
        RunSpecs.with(
            RunSpecs.spec(
                new Rollout(null, null, cohortSizes, pauseAfter.orElse(null), stagger, abortRate),
                new Tenants(null, null, null)),
            mode,
            new Execution(null, shards, null, null, null, null),
            null,
            null);
    return settle.map(time -> RunSpecs.gated(spec, time)).orElse(spec);
  }

  @Override
  public String toString() {
    return "%s: %d tenants on %d servers, cohorts of %s, abort rate %s, stagger %s, %d pods each%s%s"
        .formatted(
            mode,
            TENANTS,
            SERVERS,
            cohortSizes,
            abortRate,
            stagger,
            shards,
            settle.map(time -> ", read-only for %s before a Job".formatted(time)).orElse(""),
            pauseAfter.map(count -> ", a pause after %d cohorts".formatted(count)).orElse(""));
  }
}
