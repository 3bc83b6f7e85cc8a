package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.JsonPatch;
import dev.fleetway.operator.model.PlanReport;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.TenantView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is written into a tenant that no pod spoke for. Pure. */
record OutcomePatch(RunNames names, Mode mode, CohortVerdict verdict, Instant now) {

  /** The tenants of the cohort that the operator concluded, and that may still be there. */
  List<CohortTally.Line> lines() {
    return verdict.tally().lines().stream()
        .filter(line -> line.evidence().isEmpty() && line.reason() != TenantReason.TenantDeleted)
        .toList();
  }

  /**
   * The patch.
   *
   * @param tenant the tenant of this line as it is now
   * @return empty for another tenant of the same name, and for one that has its outcome
   */
  Optional<JsonPatch> of(CohortTally.Line line, Tenant tenant) {
    if (!tenant.getMetadata().getUid().equals(line.tenant().uid()) || hasOutcome(tenant)) {
      return Optional.empty();
    }
    JsonPatch patch =
        new JsonPatch()
            // Keeps a runner's outcome that arrives in this very moment.
            .test("/metadata/resourceVersion", tenant.getMetadata().getResourceVersion());
    if (tenant.getStatus() == null) {
      patch.add("/status", Map.of());
    }
    if (mode == Mode.Plan) {
      patch.add("/status/lastPlan", report(line));
    } else {
      patch.add("/status/lastRun", outcome(line));
    }
    // A report says nothing of where the database stands now.
    if (mode == Mode.Apply && line.outcome() == Outcome.Failed) {
      patch.add("/status/conditions", notReady(tenant, line));
    }
    return Optional.of(patch);
  }

  private boolean hasOutcome(Tenant tenant) {
    return TenantView.of(tenant)
        .outcomeOf(names.runUid())
        .filter(found -> found.attempt() >= verdict.attempt())
        .filter(found -> Objects.equals(found.cohort(), verdict.cohort()))
        .isPresent();
  }

  private LastPlan report(CohortTally.Line line) {
    return PlanReport.unmeasured(
        names,
        verdict.attempt(),
        verdict.cohort(),
        line.reason(),
        line.explanation(),
        now.toString());
  }

  private LastRun outcome(CohortTally.Line line) {
    return LastRun.unmeasured(
        names.run(),
        names.runUid(),
        verdict.attempt(),
        verdict.cohort(),
        line.outcome(),
        line.reason(),
        line.explanation());
  }

  private List<Condition> notReady(Tenant tenant, CohortTally.Line line) {
    List<Condition> before =
        Optional.ofNullable(tenant.getStatus()).map(TenantStatus::conditions).orElse(List.of());
    return new Condition(
            "Ready",
            Condition.Status.False,
            tenant.getMetadata().getGeneration(),
            now.toString(),
            line.reason().name(),
            line.explanation())
        .mergedInto(before);
  }
}
