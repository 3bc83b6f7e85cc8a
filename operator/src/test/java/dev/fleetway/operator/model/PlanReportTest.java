package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanReportTest {
  private static final RunNames NAMES =
      new RunNames("p105", "0a1b2c3d-0000-4000-8000-000000000001");

  @ParameterizedTest(name = "{0} pending, problems {1}: {2} {3}")
  @CsvSource({
    "3, '', Succeeded, ",
    "0, '', AlreadyCurrent, ",
    "0, AheadOfBundle, AlreadyCurrent, AheadOfBundle",
    "2, AheadOfBundle, Succeeded, AheadOfBundle",
    "3, SchemaDrift, Failed, SchemaDrift",
    ", ConnectionRefused, Failed, ConnectionRefused",
    "3, 'AheadOfTarget,ChecksumMismatch', Failed, ChecksumMismatch",
    ", TenantSuspended, Skipped, TenantSuspended",
  })
  void aReportCountsAsAnOutcome(Integer pending, String problems, String outcome, String reason) {
    LastRun read = PlanReport.outcome(report(pending, problems)).orElseThrow();
    assertThat(read.outcome()).hasToString(outcome);
    assertThat(read.reason()).isEqualTo(reason == null ? null : TenantReason.valueOf(reason));
    assertThat(read.attempt()).isEqualTo(2);
    assertThat(read.cohort()).isEqualTo(3);
  }

  @Test
  void aReportThatSaysNothingIsNone() {
    assertThat(PlanReport.outcome(report(null, ""))).isEmpty();
  }

  @Test
  void whatTheOperatorConcludedIsToldFromWhatARunnerMeasured() {
    LastPlan concluded =
        PlanReport.unmeasured(NAMES, 1, 1, TenantReason.RunnerLost, "lost", "2026-01-01T00:00:00Z");
    assertThat(PlanReport.outcome(concluded).orElseThrow().startTime()).isNull();
    assertThat(PlanReport.outcome(report(1, "SchemaDrift")).orElseThrow().startTime()).isNotNull();
  }

  private static LastPlan report(Integer pending, String problems) {
    return new LastPlan(
        NAMES.run(),
        NAMES.runUid(),
        2,
        3,
        "2026-01-01T00:00:00Z",
        "104",
        pending,
        List.of(),
        Stream.of(problems.split(",", -1))
            .filter(name -> !name.isEmpty())
            .map(name -> new Problem(TenantReason.valueOf(name), "105", "as found"))
            .toList());
  }
}
