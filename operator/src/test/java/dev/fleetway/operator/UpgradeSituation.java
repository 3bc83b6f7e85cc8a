package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.decide.Decision.AwaitGate;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.model.RunReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A moment in the middle of a run at which an operator may be replaced by a newer one.
 *
 * @param directory its name
 * @param rollout {@code spec.rollout} of the run
 * @param gate {@code spec.gate.mode} of the run
 * @param story leads to the moment
 * @param end how the run must end, and whom the new operator's pods migrate until then
 */
record UpgradeSituation(
    String directory, String rollout, String gate, Consumer<FleetLife> story, String end) {

  static List<UpgradeSituation> all() {
    return List.of(
        new UpgradeSituation(
            "mid-cohort",
            "cohortSizes: [1, 2], stagger: 60s, abortRate: 50%",
            "None",
            UpgradeSituation::theSecondCohortIsHalfDone,
            """
            migrates: [initech, umbrella, wonka]
            phase: Succeeded
            abortCount: 0
            succeeded: 5
            failed: 0
            """),
        new UpgradeSituation(
            "between-cohorts-with-a-failure-behind",
            "cohortSizes: [3, 2], stagger: 60s, abortRate: 50%",
            "None",
            UpgradeSituation::theFirstCohortClosesWithAFailure,
            """
            migrates: [umbrella, wonka]
            phase: CompletedWithFailures
            abortCount: 0
            succeeded: 4
            failed: 1
            """),
        new UpgradeSituation(
            "aborted",
            "cohortSizes: [1, 4], stagger: 60s, abortRate: 25%",
            "None",
            UpgradeSituation::theSecondCohortAborts,
            """
            migrates: [initech, wonka]
            phase: Succeeded
            abortCount: 1
            succeeded: 5
            failed: 0
            """),
        new UpgradeSituation(
            "awaiting-promotion",
            "cohortSizes: [1, 2], pauseAfter: 1, stagger: 60s, abortRate: 50%",
            "ReadOnly",
            UpgradeSituation::theFirstCohortAwaitsPromotion,
            """
            migrates: [globex, initech, umbrella, wonka]
            phase: Succeeded
            abortCount: 0
            succeeded: 5
            failed: 0
            """),
        new UpgradeSituation(
            "gate-set",
            "cohortSizes: [1, 2], stagger: 60s, abortRate: 50%",
            "ReadOnly",
            UpgradeSituation::theSecondCohortSettles,
            """
            migrates: [globex, initech, umbrella, wonka]
            phase: Succeeded
            abortCount: 0
            succeeded: 5
            failed: 0
            """));
  }

  /** The run at this moment. */
  FleetLife play() {
    FleetLife life = new FleetLife(rollout, gate);
    story.accept(life);
    return life;
  }

  private static void theSecondCohortIsHalfDone(FleetLife life) {
    life.cohort(Map.of());
    life.until(StartCohort.class::isInstance);
    life.sleep(Duration.ofSeconds(3));
    life.pods().start(life.now());
    life.pods().migrate("globex", null, life.now());
    life.until(AwaitJob.class::isInstance);
  }

  private static void theFirstCohortClosesWithAFailure(FleetLife life) {
    life.cohort(Map.of("globex", TenantReason.ConstraintViolation));
    life.until(Hold.class::isInstance);
  }

  private static void theSecondCohortAborts(FleetLife life) {
    life.cohort(Map.of());
    life.cohort(
        Map.of(
            "initech",
            TenantReason.ConstraintViolation,
            "wonka",
            TenantReason.ConstraintViolation));
  }

  private static void theFirstCohortAwaitsPromotion(FleetLife life) {
    life.cohort(Map.of());
    life.until(
        decision -> decision instanceof Hold hold && hold.reason() == RunReason.AwaitingPromotion);
  }

  private static void theSecondCohortSettles(FleetLife life) {
    life.cohort(Map.of());
    life.until(
        decision -> decision instanceof AwaitGate gate && gate.reason() == RunReason.Settling);
  }
}
