package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A report of mode Plan in the terms of an outcome, so that both modes are counted by the same
 * code: Succeeded is something pending, AlreadyCurrent nothing pending, Failed a problem.
 */
public final class PlanReport {
  /** What only the operator says of a tenant: no pod spoke for it. */
  private static final Set<TenantReason> UNMEASURED =
      Set.of(
          TenantReason.RunnerLost,
          TenantReason.DuplicateTarget,
          TenantReason.CohortAborted,
          TenantReason.TenantSuspended);

  private PlanReport() {}

  /** The outcome; empty for a report that says neither what is pending nor what is wrong. */
  static Optional<LastRun> outcome(LastPlan report) {
    Optional<Problem> worst =
        first(report.problems(), Outcome.Failed)
            .or(() -> first(report.problems(), Outcome.Skipped))
            .or(() -> first(report.problems(), Outcome.AlreadyCurrent));
    if (worst.isEmpty() && report.pending() == null) {
      return Optional.empty();
    }
    boolean pending = report.pending() != null && report.pending() > 0;
    Outcome outcome =
        worst
            .map(problem -> problem.reason().outcome())
            .filter(found -> found != Outcome.AlreadyCurrent || !pending)
            .orElse(pending ? Outcome.Succeeded : Outcome.AlreadyCurrent);
    boolean measured = worst.isEmpty() || !UNMEASURED.contains(worst.get().reason());
    return Optional.of(
        new LastRun(
            report.name(),
            report.uid(),
            report.attempt(),
            report.cohort(),
            outcome,
            worst.map(Problem::reason).orElse(null),
            worst.map(Problem::message).orElse(null),
            null,
            worst.map(Problem::version).orElse(null),
            report.currentVersion(),
            null,
            null,
            measured ? report.time() : null,
            null,
            null,
            null));
  }

  /** What the operator reports of a tenant that no pod spoke for. */
  public static LastPlan unmeasured(
      RunNames names, int attempt, int cohort, TenantReason reason, String message, String time) {
    return new LastPlan(
        names.run(),
        names.runUid(),
        attempt,
        cohort,
        time,
        null,
        null,
        List.of(),
        List.of(new Problem(reason, null, message)));
  }

  private static Optional<Problem> first(List<Problem> problems, Outcome outcome) {
    return problems.stream().filter(problem -> problem.reason().outcome() == outcome).findFirst();
  }
}
