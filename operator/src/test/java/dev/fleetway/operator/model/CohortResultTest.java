package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CohortResultTest {
  private static final RunNames NAMES =
      new RunNames("p105", "0a1b2c3d-0000-4000-8000-000000000001");
  private static final PlannedTenant PLANNED = new PlannedTenant("acme", "uid-1");

  @Test
  void saysTheSameOfALostTenantWhetherTheOperatorConcludesItNowOrDidBeforeItDied() {
    CohortTally.Line concluded =
        tally(Optional.empty()).concluded(line -> TenantReason.RunnerLost).lines().get(0);
    LastPlan written =
        PlanReport.unmeasured(
            NAMES, 1, 1, concluded.reason(), concluded.explanation(), "2026-01-01T00:00:00Z");

    assertThat(CohortResult.of(NAMES, 1, 1, tally(Optional.of(written))))
        .isEqualTo(CohortResult.of(NAMES, 1, 1, new CohortTally(List.of(concluded))));
  }

  private static CohortTally tally(Optional<LastPlan> report) {
    TenantSpec spec =
        new TenantSpec(
            null, new TenantSpec.Database("pg-1", 5432, "acme", null, null, null, null, null));
    TenantView view =
        new TenantView("acme", "uid-1", Map.of(), spec, Optional.empty(), report, Optional.empty());
    Assignment assignment =
        new Assignment(
            "fleet",
            NAMES.run(),
            NAMES.runUid(),
            1,
            1,
            Mode.Plan,
            null,
            null,
            List.of(new Assignment.Member("acme", "uid-1", 0, spec.database())),
            List.of());
    return CohortTally.of(NAMES.runUid(), 1, List.of(PLANNED), assignment, Map.of("acme", view));
  }
}
