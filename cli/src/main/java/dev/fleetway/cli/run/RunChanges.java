package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.cli.output.Markup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What is new since the last look, as lines for a log. Remembers what it said. */
final class RunChanges {
  private static final String AWAITING_PROMOTION = "AwaitingPromotion";

  private final Set<String> said = new HashSet<>();
  private String lastReason = "";

  /** The news; none when nothing happened. */
  List<String> since(TenantMigrationRun run) {
    TenantMigrationRunStatus status =
        Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
    List<String> lines = new ArrayList<>();
    status.cohorts().stream()
        .filter(cohort -> cohort.attempt().equals(run.getSpec().attempt()))
        .forEach(cohort -> cohort(cohort, status, lines));
    Condition ready = status.condition("Ready");
    if (ready != null && !ready.reason().equals(lastReason)) {
      lastReason = ready.reason();
      reason(run, status, ready, lines);
    }
    return lines;
  }

  private void cohort(Cohort cohort, TenantMigrationRunStatus status, List<String> lines) {
    String of = "cohort " + cohort.number() + "/" + status.cohortCount();
    String key = cohort.number() + " " + cohort.attempt() + " ";
    if (cohort.state() == CohortState.Running) {
      if (said.add(key + "running")) {
        lines.add(of + " started: " + cohort.size() + " tenants");
      }
    } else if (said.add(key + cohort.state())) {
      lines.add(RunText.cohort(cohort, of));
    }
  }

  /** Cohorts tell of themselves; what else holds a run up, or ends it, is told by its reason. */
  private static void reason(
      TenantMigrationRun run,
      TenantMigrationRunStatus status,
      Condition ready,
      List<String> lines) {
    String name = run.getMetadata().getName();
    if (status.phase() != null && status.phase().isEnded()) {
      return;
    }
    if (ready.reason().equals(AWAITING_PROMOTION)) {
      lines.add(Markup.styled("yellow", name + " awaits promotion") + ": fleetway promote " + name);
    } else if (status.phase() == Phase.Suspended) {
      lines.add(Markup.styled("yellow", name + " is suspended") + ": fleetway resume " + name);
    } else if (!ready.reason().equals("CohortRunning")) {
      lines.add(ready.reason() + ": " + Markup.plain(ready.message()));
    }
  }
}
