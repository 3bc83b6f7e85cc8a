package dev.fleetway.sandbox.demo;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A run on the screen: what {@code kubectl get tmr} shows, its failures, and what to do. */
final class RunReport {
  private final Screen screen;

  RunReport(Screen screen) {
    this.screen = screen;
  }

  void show(TenantMigrationRun run) {
    TenantMigrationRunStatus status = run.getStatus();
    Totals totals = status.totals() == null ? Totals.of(0, 0, 0, 0, 0, 0, 0) : status.totals();
    screen.command("kubectl get tmr " + run.getMetadata().getName());
    screen.table(
        List.of(
            List.of("NAME", "PHASE", "TARGET", "COHORT", "DONE", "FAILED", "TOTAL", "ABORTS"),
            List.of(
                run.getMetadata().getName(),
                String.valueOf(status.phase()),
                text(status.headVersion()),
                text(status.cohortProgress()),
                String.valueOf(totals.done()),
                String.valueOf(totals.failed()),
                String.valueOf(totals.tenants()),
                text(status.abortCount()))));
    Condition ready = status.condition("Ready");
    if (ready != null) {
      screen.paragraph(ready.reason() + ": " + ready.message());
    }
    if (!status.failures().isEmpty()) {
      failures(status.failures());
    }
  }

  private void failures(List<Failure> failures) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("TENANT", "COHORT", "REASON", "SQLSTATE", "VERSION", "MESSAGE"));
    Set<TenantReason> reasons = EnumSet.noneOf(TenantReason.class);
    for (Failure failure : failures) {
      reasons.add(failure.reason());
      rows.add(
          List.of(
              failure.tenant(),
              String.valueOf(failure.cohort()),
              String.valueOf(failure.reason()),
              text(failure.sqlState()),
              text(failure.failedVersion()),
              text(failure.message())));
    }
    screen.table(rows);
    reasons.forEach(reason -> screen.paragraph("hint: " + reason + ": " + reason.hint()));
  }

  private static String text(Object value) {
    return value == null ? "-" : value.toString().replaceAll("\\s+", " ");
  }
}
