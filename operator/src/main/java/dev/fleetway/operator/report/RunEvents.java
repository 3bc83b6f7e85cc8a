package dev.fleetway.operator.report;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.operator.model.RunReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The transitions between two statuses of a run that are worth an event. Pure. */
final class RunEvents {
  private RunEvents() {}

  /**
   * One event.
   *
   * @param warning whether somebody should look
   * @param reason PascalCase, one of a finite set
   * @param at attempt, with cohort where it is about one, such as {@code a1} or {@code c003-a1}:
   *     the same reason there again is the same event once more
   */
  record RunEvent(boolean warning, String reason, String note, String at) {}

  static List<RunEvent> between(TenantMigrationRunStatus before, TenantMigrationRunStatus after) {
    List<RunEvent> events = new ArrayList<>();
    for (Cohort cohort : after.cohorts()) {
      cohortEvent(before, cohort).ifPresent(events::add);
    }
    Condition ready = after.condition("Ready");
    String at = "a" + Objects.requireNonNullElse(after.attempt(), 1);
    if (before.planHash() == null && after.planHash() != null && ready != null) {
      events.add(new RunEvent(false, "PlanFrozen", ready.message(), at));
    }
    if (ready != null && !Objects.equals(reason(before), ready.reason())) {
      boolean stalled = is(after, "Stalled");
      boolean ended = after.phase() != null && after.phase().isEnded();
      boolean blocked = RunReason.of(ready.reason(), RunReason.Planning).isBlocking();
      if (ended || blocked || isToldOfOnce(ready.reason()) || is(after, "Suspended")) {
        events.add(new RunEvent(stalled || blocked, ready.reason(), ready.message(), at));
      }
    }
    return events;
  }

  private static Optional<RunEvent> cohortEvent(TenantMigrationRunStatus before, Cohort cohort) {
    boolean same =
        before.cohorts().stream()
            .anyMatch(
                old ->
                    old.number().equals(cohort.number())
                        && old.attempt().equals(cohort.attempt())
                        && old.state() == cohort.state());
    if (same) {
      return Optional.empty();
    }
    String at = String.format(Locale.ROOT, "c%03d-a%d", cohort.number(), cohort.attempt());
    if (cohort.state() == CohortState.Running) {
      return Optional.of(
          new RunEvent(
              false,
              "CohortStarted",
              "Cohort %d, attempt %d: %d tenants, Job %s."
                  .formatted(cohort.number(), cohort.attempt(), cohort.size(), cohort.jobName()),
              at));
    }
    boolean closed = cohort.state() == CohortState.Closed;
    return Optional.of(
        new RunEvent(
            !closed || cohort.failed() > 0,
            closed ? "CohortClosed" : "CohortAborted",
            "Cohort %d, attempt %d: %d succeeded, %d already current, %d failed, %d skipped."
                .formatted(
                    cohort.number(),
                    cohort.attempt(),
                    cohort.succeeded(),
                    cohort.alreadyCurrent(),
                    cohort.failed(),
                    cohort.skipped()),
            at));
  }

  /** What holds the run up, or applications, for a while. */
  private static boolean isToldOfOnce(String reason) {
    return reason.equals(RunReason.Gating.name()) || reason.equals(RunReason.WaitingForRun.name());
  }

  private static String reason(TenantMigrationRunStatus status) {
    Condition ready = status.condition("Ready");
    return ready == null ? null : ready.reason();
  }

  private static boolean is(TenantMigrationRunStatus status, String type) {
    Condition condition = status.condition(type);
    return condition != null && condition.status() == Condition.Status.True;
  }
}
