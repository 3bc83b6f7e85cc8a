package dev.fleetway.operator;

import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.model.RivalRun;
import dev.fleetway.operator.model.RunNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Runs with tenants in common: one after the other, and always one that can go on. */
class TurnTest {
  private static final int TENANTS = 6;

  /** Runs of one fleet; each step sees the others as their stored status says. */
  private static final class Runs {
    final List<SimulatedRun> all = new ArrayList<>();
    final List<Set<Integer>> wanted;

    Runs(List<Set<Integer>> wanted) {
      this.wanted = wanted;
      for (int i = 0; i < wanted.size(); i++) {
        List<String> names = wanted.get(i).stream().sorted().map(SimulatedRun::name).toList();
        all.add(
            new SimulatedRun(
                new RunNames("r" + i, "%08d-0000-4000-8000-000000000001".formatted(i)),
                RunSpecs.spec(RunSpecs.rollout("100%", null, 1), new Tenants(null, names, null)),
                TENANTS));
      }
    }

    Decision step(int index) {
      SimulatedRun run = all.get(index);
      run.rivals(
          all.stream()
              .filter(other -> other != run)
              .map(SimulatedRun::asRival)
              .flatMap(Optional::stream)
              .toList());
      Decision decision = run.step();
      if (decision instanceof Decision.StartInspection) {
        run.inspected();
      }
      return decision;
    }

    void checkThatNoTwoOverlap() {
      for (int i = 0; i < all.size(); i++) {
        for (int j = 0; j < i; j++) {
          if (hasJob(i) && hasJob(j)) {
            assertThat(Collections.disjoint(wanted.get(i), wanted.get(j)))
                .as("r%d and r%d run at once", i, j)
                .isTrue();
          }
        }
      }
    }

    boolean hasJob(int index) {
      return all.get(index).jobs().live().stream().anyMatch(job -> job.name().contains("-c0"));
    }

    void finishJob(int index) {
      if (hasJob(index)) {
        all.get(index).everybodySucceeds();
      }
    }

    String reason(int index) {
      return all.get(index).status().condition("Ready").reason();
    }
  }

  @Test
  void theOlderOneGoesFirstAndTheOtherNamesIt() {
    Runs runs = new Runs(List.of(Set.of(1, 2), Set.of(2, 3)));
    for (int i = 0; i < 10; i++) {
      runs.step(1);
    }
    assertThat(runs.reason(1)).isEqualTo("WaitingForRun");
    assertThat(runs.all.get(1).status().phase()).isEqualTo(Phase.Pending);
    assertThat(runs.all.get(1).status().planHash()).as("no plan while it waits").isNull();
    assertThat(runs.all.get(1).status().condition("Ready").message())
        .contains("Run r0 goes first: 1 tenants are in both (" + name(2) + ")");
    for (int i = 0; i < 10; i++) {
      runs.step(0);
    }
    assertThat(runs.hasJob(0)).isTrue();
  }

  @Test
  void runsWithoutACommonTenantGoAtTheSameTime() {
    Runs runs = new Runs(List.of(Set.of(1, 2), Set.of(3, 4)));
    for (int i = 0; i < 10; i++) {
      runs.step(1);
      runs.step(0);
    }
    assertThat(runs.hasJob(0)).isTrue();
    assertThat(runs.hasJob(1)).isTrue();
  }

  @Test
  void whoRunsIsNotOvertakenByAnOlderOneThatComesBack() {
    Runs runs = new Runs(List.of(Set.of(1, 2), Set.of(2, 3)));
    runs.all.get(0).suspend(true);
    for (int i = 0; i < 10; i++) {
      runs.step(0);
      runs.step(1);
    }
    assertThat(runs.hasJob(1)).as("a suspended run holds nobody up").isTrue();
    runs.all.get(0).suspend(false);
    for (int i = 0; i < 10; i++) {
      runs.step(0);
    }
    assertThat(runs.reason(0)).isEqualTo("WaitingForRun");
    runs.all.get(1).suspend(true);
    runs.step(0);
    assertThat(runs.reason(0)).as("its cohort still drains").isEqualTo("WaitingForRun");
    runs.finishJob(1);
    for (int i = 0; i < 10; i++) {
      runs.step(1);
      runs.step(0);
    }
    assertThat(runs.all.get(1).status().phase()).isEqualTo(Phase.Suspended);
    assertThat(runs.hasJob(0)).isTrue();
    runs.all.get(1).suspend(false);
    runs.step(1);
    assertThat(runs.reason(1)).as("resumed, it waits its turn").isEqualTo("WaitingForRun");
    assertThat(runs.all.get(1).status().phase()).isEqualTo(Phase.Pending);
  }

  @Test
  void aRunThatCannotReadTheOthersPlanGoesByWhatItWouldSelect() {
    SimulatedRun run = new SimulatedRun(RunSpecs.spec("10%", 1), TENANTS);
    run.rivals(
        List.of(
            new RivalRun(
                "old",
                SimulatedRun.START.minusSeconds(1),
                false,
                true,
                new Tenants(null, List.of(name(5)), null),
                Optional.empty())));
    run.stepUntil(Decision.StartInspection.class);
    run.inspected();
    assertThat(run.stepUntil(Hold.class).message()).contains("Run old goes first");
    run.rivals(List.of());
    run.stepUntil(StartCohort.class);
    run.cohortEnds(Map.of());
    run.stepUntil(SettleCohort.class);
  }

  /** What happens between two looks. */
  record Happening(int run, int what) {}

  @Provide
  Arbitrary<List<Happening>> histories() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3), Arbitraries.integers().between(0, 12))
        .as(Happening::new)
        .list()
        .ofMinSize(10)
        .ofMaxSize(150);
  }

  @Provide
  Arbitrary<List<Set<Integer>>> selections() {
    return Arbitraries.integers()
        .between(1, TENANTS)
        .set()
        .ofMinSize(1)
        .ofMaxSize(3)
        .list()
        .ofSize(4);
  }

  @Property(tries = 500)
  void neverTwoAtOnceAndSomebodyAlwaysGoesOn(
      @ForAll("selections") List<Set<Integer>> wanted,
      @ForAll("histories") List<Happening> history) {
    Runs runs = new Runs(wanted);
    for (Happening happening : history) {
      SimulatedRun run = runs.all.get(happening.run());
      switch (happening.what()) {
        case 0 -> run.suspend(true);
        case 1, 2 -> run.suspend(false);
        case 3 -> run.abort();
        case 4, 5 -> {
          if (run.status().phase() != null) {
            run.resumeIfAllowed();
          }
        }
        case 6, 7 -> runs.finishJob(happening.run());
        default -> {
          Decision unused = runs.step(happening.run());
        }
      }
      runs.checkThatNoTwoOverlap();
    }
    allFinishWhenLeftInPeace(runs);
  }

  private static void allFinishWhenLeftInPeace(Runs runs) {
    runs.all.forEach(run -> run.suspend(false));
    Set<SimulatedRun> unfinished = new HashSet<>(runs.all);
    for (int round = 0; round < 200 && !unfinished.isEmpty(); round++) {
      for (int i = 0; i < runs.all.size(); i++) {
        SimulatedRun run = runs.all.get(i);
        if (run.status().phase() != null) {
          run.resumeIfAllowed();
        }
        runs.step(i);
        runs.checkThatNoTwoOverlap();
        runs.finishJob(i);
        run.wait(Duration.ofMinutes(1));
      }
      unfinished.removeIf(run -> run.status().phase() != null && run.status().phase().isFinished());
    }
    assertThat(
            unfinished.stream().map(run -> run.status().conditions()).collect(Collectors.toList()))
        .as("everybody had a turn")
        .isEmpty();
  }
}
