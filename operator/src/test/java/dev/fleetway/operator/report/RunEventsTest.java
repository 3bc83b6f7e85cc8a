package dev.fleetway.operator.report;

import static dev.fleetway.operator.RunSpecs.spec;
import static dev.fleetway.operator.SimulatedRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.SimulatedRun;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.report.RunEvents.RunEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunEventsTest {

  @Test
  void namesEachTransitionOnceOverARunThatAbortsAndResumes() {
    SimulatedRun run = new SimulatedRun(spec("20%", 2), 2);
    List<String> reasons = new ArrayList<>();
    step(run, reasons);
    step(run, reasons);
    run.inspected();
    for (int i = 0; i < 4; i++) {
      step(run, reasons);
    }
    run.outcome(name(1), Outcome.Failed, TenantReason.ConstraintViolation);
    step(run, reasons);
    run.jobs().end(Progress.COMPLETE);
    step(run, reasons);
    step(run, reasons);
    run.resume();
    for (int i = 0; i < 3; i++) {
      step(run, reasons);
    }
    run.cohortEnds(java.util.Map.of());
    for (int i = 0; i < 3; i++) {
      step(run, reasons);
    }
    assertThat(reasons)
        .containsExactly(
            "PlanFrozen",
            "CohortStarted",
            "CohortAborted!",
            "AbortRateExceeded!",
            "CohortStarted",
            "CohortClosed",
            "AllTenantsCurrent");
  }

  @Test
  void warnsOnceAboutAPodThatDoesNotStart() {
    SimulatedRun run = new SimulatedRun(spec("20%", 2), 2).untilFirstCohort();
    run.jobs().troubled(new StartTrouble(RunReason.ImagePullFailed, "no such image"));
    List<String> reasons = new ArrayList<>();
    step(run, reasons);
    step(run, reasons);
    assertThat(reasons).containsExactly("ImagePullFailed!");
  }

  private static void step(SimulatedRun run, List<String> reasons) {
    TenantMigrationRunStatus before = run.status();
    run.step();
    for (RunEvent event : RunEvents.between(before, run.status())) {
      reasons.add(event.reason() + (event.warning() ? "!" : ""));
    }
  }
}
