package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.GateMode;
import dev.fleetway.operator.decide.Decision.AwaitGate;
import dev.fleetway.operator.decide.Decision.SetGate;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.RunObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The steps before a cohort's Job, where the run has a gate: say in the status that the cohort
 * runs, see that its tenants are read-only, give the application time to notice.
 */
final class CohortGate {
  private CohortGate() {}

  /** What comes before this start, or the start itself. */
  static Decision before(StartCohort start, RunObservation seen, Instant now) {
    if (seen.spec().gate().mode() == GateMode.None) {
      return start;
    }
    int cohort = start.progress().number();
    if (!seen.isRunning(cohort) || seen.assignment().isEmpty()) {
      return new SetGate(start.assignment(), start.progress());
    }
    List<String> open = open(start.assignment(), seen);
    int tenants = start.assignment().tenants().size();
    if (!open.isEmpty()) {
      return new AwaitGate(
          start.progress(),
          RunReason.Gating,
          "Cohort %d: %d of %d tenants are read-only; next: %s."
              .formatted(cohort, tenants - open.size(), tenants, open.get(0)),
          Optional.empty());
    }
    Instant until = settledAt(seen, now);
    return until.isAfter(now)
        ? new AwaitGate(
            start.progress(),
            RunReason.Settling,
            "Cohort %d: %d tenants are read-only; its Job starts at %s."
                .formatted(cohort, tenants, until),
            Optional.of(until))
        : start;
  }

  /** Those that applications may still write to; who is gone or another one is not waited for. */
  private static List<String> open(Assignment assignment, RunObservation seen) {
    return assignment.tenants().stream()
        .filter(
            member -> {
              TenantView view = seen.tenants().get(member.name());
              return view != null && view.uid().equals(member.uid());
            })
        .map(Assignment.Member::name)
        .filter(name -> !seen.around().closedToWriters().contains(name))
        .toList();
  }

  /**
   * The status keeps the end of the wait. One that is further away than the whole wait was written
   * before the clock was set back: the wait begins anew.
   */
  private static Instant settledAt(RunObservation seen, Instant now) {
    Duration settle = seen.spec().gate().settleTime();
    return Optional.ofNullable(seen.status().nextCohortTime())
        .map(Instant::parse)
        .filter(until -> !until.isAfter(now.plus(settle)))
        .orElseGet(() -> now.plus(settle));
  }
}
