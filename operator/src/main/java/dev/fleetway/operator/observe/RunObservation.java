package dev.fleetway.operator.observe;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.model.AbortRule;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.TenantView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that is known of a run at one moment.
 *
 * @param deleting the run has a deletion timestamp
 * @param fleet the tenants of the namespace, listed when the plan is due; else empty
 * @param frozenPlan the plan, once it is frozen and while it can be read
 * @param jobs the Jobs of this run, of all attempts
 * @param hasLivePods pods of the run are at work, whether or not their Job still exists
 * @param currentCohort the cohort that runs or runs next; empty without a plan or when through
 * @param tenants the tenants of the current cohort that exist, by name; those of other cohorts that
 *     were planned with the same target, until it has an assignment; those of the whole plan when a
 *     run in mode Plan is through
 * @param assignment what the current cohort was started with in this attempt
 * @param around other runs, and what the current cohort's tenants let applications do
 * @param reports what is known of the other cohorts, once the current one may be settled
 * @param overdue a pod that was told to end and has not, past its grace period
 */
public record RunObservation(
    String namespace,
    RunNames names,
    long generation,
    boolean deleting,
    TenantMigrationRunSpec spec,
    TenantMigrationRunStatus status,
    Optional<List<TenantView>> fleet,
    Optional<RolloutPlan> frozenPlan,
    List<JobState> jobs,
    boolean hasLivePods,
    OptionalInt currentCohort,
    Map<String, TenantView> tenants,
    Optional<Assignment> assignment,
    Surroundings around,
    CohortReports reports,
    Optional<StartTrouble> overdue) {

  public RunObservation {
    jobs = List.copyOf(jobs);
    tenants = Map.copyOf(tenants);
  }

  /** The attempt that the status is about; 0 before the first. */
  public int attempt() {
    return status.attempt() == null ? 0 : status.attempt();
  }

  public boolean isEnded() {
    return status.phase() != null && status.phase().isEnded();
  }

  /** Writes nothing to a tenant's database. */
  public boolean isPlanMode() {
    return spec.mode() == Mode.Plan;
  }

  /** The abort rate in percent. */
  public int abortPercent() {
    return isPlanMode() ? AbortRule.NEVER : spec.rollout().abortPercent();
  }

  /** Its cohorts may run; see {@link dev.fleetway.operator.model.RivalRun}. */
  public boolean hasTurn() {
    return status.phase() == Phase.Running;
  }

  /** Has this cohort started in this attempt, and is it neither closed nor aborted? */
  public boolean isRunning(int cohort) {
    return Gate.running(status)
        .filter(running -> running.number() == cohort && running.attempt() == attempt())
        .isPresent();
  }

  public Optional<JobState> inspectJob() {
    return job(names.inspectJob(attempt()));
  }

  public Optional<JobState> cohortJob(int cohort) {
    return job(names.cohortJob(cohort, attempt()));
  }

  /** The name of the current cohort's report. */
  public String resultName(int cohort) {
    return reports.besideNamesake()
        ? names.resultBesideNamesake(cohort, attempt())
        : names.result(cohort, attempt());
  }

  public Optional<JobState> liveJob() {
    return jobs.stream().filter(JobState::isLive).findFirst();
  }

  private Optional<JobState> job(String name) {
    return jobs.stream().filter(job -> job.name().equals(name)).findFirst();
  }
}
