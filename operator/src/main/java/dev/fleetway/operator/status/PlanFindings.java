package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sums up what a run in mode Plan found: how many tenants have how much pending, how many problems.
 */
record PlanFindings(RunObservation seen, Totals totals, String headVersion) {

  RunReason reason() {
    return totals.failed() > 0 ? RunReason.PlanFoundProblems : RunReason.PlanReady;
  }

  String message() {
    String findings =
        "%d tenants, head is %s: %d have migrations pending%s, %d have none, %d have problems; %d skipped."
            .formatted(
                totals.tenants(),
                headVersion,
                totals.succeeded(),
                pending(),
                totals.alreadyCurrent(),
                totals.failed(),
                totals.skipped());
    return reason().explain(findings);
  }

  /** Such as {@code (10 have 1, 2 have 3)}; counted where the report is still to be seen. */
  private String pending() {
    Map<Integer, Long> tenantsByPending =
        seen.tenants().values().stream()
            .flatMap(view -> view.reportOf(seen.names().runUid()).stream())
            .filter(report -> report.problems().isEmpty())
            .map(LastPlan::pending)
            .filter(Objects::nonNull)
            .filter(pending -> pending > 0)
            .collect(
                Collectors.groupingBy(pending -> pending, TreeMap::new, Collectors.counting()));
    return tenantsByPending.isEmpty()
        ? ""
        : tenantsByPending.entrySet().stream()
            .map(entry -> "%d have %d".formatted(entry.getValue(), entry.getKey()))
            .collect(Collectors.joining(", ", " (", ")"));
  }
}
