package dev.fleetway.operator.decide;

import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RivalRun;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.plan.CohortPlanner;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose turn it is among runs that have tenants in common. Who has it keeps it until it is
 * suspended or ends; among those that want it the oldest goes first. So somebody always can go on:
 * who has the turn waits for nobody, and who waits, waits for an older one or for one that has it.
 */
final class Turn {
  private static final int EXAMPLES = 3;

  private Turn() {}

  /** The wait for another run; empty when it is this run's turn. */
  static Optional<Decision> wait(RunObservation seen, RolloutPlan plan) {
    Set<String> own =
        plan.cohorts().stream()
            .flatMap(List::stream)
            .filter(tenant -> tenant.uid() != null)
            .map(PlannedTenant::name)
            .collect(Collectors.toSet());
    return seen.around().rivals().stream()
        .filter(rival -> goesFirst(rival, seen))
        .sorted(
            Comparator.comparing(RivalRun::hasTurn)
                .reversed()
                .thenComparing(RivalRun::since)
                .thenComparing(RivalRun::name))
        .flatMap(rival -> wait(rival, common(rival, seen, own)).stream())
        .findFirst();
  }

  private static boolean goesFirst(RivalRun rival, RunObservation seen) {
    return rival.hasTurn()
        || (rival.wantsTurn() && rival.isOlderThan(seen.around().since(), seen.names().run()));
  }

  /** Who has a plan is bound to it; who has none yet would select from the fleet of today. */
  private static Set<String> common(RivalRun rival, RunObservation seen, Set<String> own) {
    Set<String> common = new HashSet<>(own);
    rival
        .planned()
        .or(() -> seen.fleet().map(fleet -> CohortPlanner.selected(fleet, rival.selection())))
        .ifPresent(common::retainAll);
    return common;
  }

  private static Optional<Decision> wait(RivalRun rival, Set<String> common) {
    if (common.isEmpty()) {
      return Optional.empty();
    }
    String examples =
        common.stream().sorted().limit(EXAMPLES).collect(Collectors.joining(", "))
            + (common.size() > EXAMPLES ? ", …" : "");
    return Optional.of(
        new Decision.Hold(
            RunReason.WaitingForRun,
            RunReason.WaitingForRun.explain(
                "Run %s goes first: %d tenants are in both (%s)."
                    .formatted(rival.name(), common.size(), examples)),
            Optional.empty()));
  }
}
