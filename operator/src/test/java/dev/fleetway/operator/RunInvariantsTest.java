package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.operator.model.JobState.Progress;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * The invariants that concern the pure phases, over generated histories: outcomes in any order,
 * late and stale ones, Jobs that end well, badly or vanish, tenants that come and go, people who
 * abort, suspend and resume, and status writes that are lost in a crash.
 */
class RunInvariantsTest {
  private static final int TENANTS = 7;

  /** One thing that happens between two reconciles. */
  record Happening(Kind kind, int tenant, boolean good) {
    enum Kind {
      RECONCILE,
      OUTCOME,
      STALE_OUTCOME,
      JOB_ENDS,
      JOB_VANISHES,
      TENANT_VANISHES,
      TENANT_CREATED_AGAIN,
      TENANT_SUSPENDED,
      ABORT,
      SUSPEND,
      RESUME,
      TIME_PASSES,
      STATUS_WRITE_LOST
    }
  }

  @Provide
  Arbitrary<List<Happening>> histories() {
    Arbitrary<Happening.Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(30, Happening.Kind.RECONCILE),
            Tuple.of(25, Happening.Kind.OUTCOME),
            Tuple.of(12, Happening.Kind.JOB_ENDS),
            Tuple.of(8, Happening.Kind.RESUME),
            Tuple.of(3, Happening.Kind.STALE_OUTCOME),
            Tuple.of(2, Happening.Kind.JOB_VANISHES),
            Tuple.of(2, Happening.Kind.TENANT_VANISHES),
            Tuple.of(2, Happening.Kind.TENANT_CREATED_AGAIN),
            Tuple.of(2, Happening.Kind.TENANT_SUSPENDED),
            Tuple.of(2, Happening.Kind.ABORT),
            Tuple.of(3, Happening.Kind.SUSPEND),
            Tuple.of(4, Happening.Kind.TIME_PASSES),
            Tuple.of(5, Happening.Kind.STATUS_WRITE_LOST));
    return Combinators.combine(
            kinds, Arbitraries.integers().between(1, TENANTS), Arbitraries.of(true, true, false))
        .as(Happening::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(120);
  }

  @Property(tries = 1500)
  void holdWhateverHappens(@ForAll("histories") List<Happening> history) {
    SimulatedRun run = new SimulatedRun(SimulatedRun.spec("40%", 1, 2), TENANTS).untilFirstCohort();
    for (Happening happening : history) {
      happen(run, happening);
      reconcileAndCheck(run);
    }
    comesToAnEnd(run);
  }

  private static void happen(SimulatedRun run, Happening happening) {
    String tenant = SimulatedRun.name(happening.tenant());
    switch (happening.kind()) {
      case RECONCILE -> {}
      case OUTCOME -> run.outcomeOfRunner(tenant, happening.good());
      case STALE_OUTCOME -> run.staleOutcome(tenant);
      case JOB_ENDS -> run.endLiveJob(happening.good() ? Progress.COMPLETE : Progress.FAILED);
      case JOB_VANISHES -> run.liveJobVanishes();
      case TENANT_VANISHES -> run.deleteTenant(tenant);
      case TENANT_CREATED_AGAIN -> run.recreateTenant(tenant);
      case TENANT_SUSPENDED ->
          run.tenant(
              tenant, happening.good() ? TenantSpec.State.Active : TenantSpec.State.Suspended);
      case ABORT -> run.abort();
      case SUSPEND -> run.suspend(happening.good());
      case RESUME -> run.resumeIfAllowed();
      case TIME_PASSES -> run.wait(Duration.ofSeconds(happening.tenant()));
      case STATUS_WRITE_LOST -> {
        TenantMigrationRunStatus before = run.status();
        run.step();
        run.loseStatusOfLastStep(before);
      }
    }
  }

  private static void reconcileAndCheck(SimulatedRun run) {
    TenantMigrationRunStatus before = run.status();
    int jobs = run.createdJobs().size();
    run.step();
    TenantMigrationRunStatus after = run.status();

    assertThat(run.createdJobs().size() - jobs)
        .as("at most one Job, and none that exists")
        .isLessThanOrEqualTo(1);
    assertThat(run.liveJobs()).as("I7: one Job at a time").hasSizeLessThanOrEqualTo(1);
    if (before.phase() == Phase.Aborted && after.phase() == Phase.Aborted) {
      assertThat(run.createdJobs()).as("I2: no Job after an abort").hasSize(jobs);
    }
    for (String job : run.createdJobs().subList(jobs, run.createdJobs().size())) {
      assertThat(cohortOf(job))
          .as("I1: %s while %d is the last that closed", job, before.lastClosedCohort())
          .isLessThanOrEqualTo(before.lastClosedCohort() + 1);
    }
    assertThat(after.lastClosedCohort())
        .as("the cursor never falls")
        .isGreaterThanOrEqualTo(before.lastClosedCohort());
    boolean aborts = before.phase() != Phase.Aborted && after.phase() == Phase.Aborted;
    assertThat(after.abortCount())
        .as("one more abort per abort")
        .isEqualTo(before.abortCount() + (aborts ? 1 : 0));
    checkTotals(after);
  }

  private static int cohortOf(String job) {
    return Integer.parseInt(job.replaceAll(".*-c(\\d+)-a.*", "$1"));
  }

  /** I3: every planned tenant stands in exactly one place. */
  private static void checkTotals(TenantMigrationRunStatus status) {
    Totals t = status.totals();
    assertThat(
            t.pending()
                + t.running()
                + t.succeeded()
                + t.alreadyCurrent()
                + t.failed()
                + t.skipped())
        .as("I3: totals add up: %s", t)
        .isEqualTo(TENANTS);
    assertThat(List.of(t.pending(), t.running(), t.succeeded(), t.failed(), t.skipped()))
        .as("no total is negative: %s", t)
        .allMatch(count -> count >= 0);
    if (status.phase().isFinished()) {
      assertThat(t.pending() + t.running()).as("I3: a finished run left nobody out").isZero();
      assertThat(status.phase() == Phase.Succeeded).isEqualTo(t.failed() == 0);
    }
  }

  /** Left in peace, with a resume after each abort and pods that succeed, every run finishes. */
  private static void comesToAnEnd(SimulatedRun run) {
    run.suspend(false);
    for (int i = 0; i < 200 && !finished(run); i++) {
      run.resumeIfAllowed();
      reconcileAndCheck(run);
      run.wait(Duration.ofMinutes(1));
      if (!run.liveJobs().isEmpty()) {
        run.everybodySucceeds();
      }
    }
    assertThat(run.status().phase()).isIn(Phase.Succeeded, Phase.CompletedWithFailures);
    TenantMigrationRunStatus end = run.status();
    run.step();
    assertThat(run.status()).as("I4: a finished run is inert").isEqualTo(end);
  }

  private static boolean finished(SimulatedRun run) {
    return run.status().phase().isFinished();
  }
}
