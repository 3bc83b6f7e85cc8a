package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Objects;

/** Where a run stands. Written by the operator alone, once per reconcile. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("Where the run stands. Written by the operator alone.")
public record TenantMigrationRunStatus(
    @JsonPropertyDescription(
            "metadata.generation that this status answers to; -1 until the operator has seen the run.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Pending: inspecting and planning. Running: cohorts go. Suspended: waiting for spec.suspend"
                + " to be false. Succeeded: all tenants are at head. CompletedWithFailures: through,"
                + " with failures below the abort rate. Planned: through, in mode Plan. Aborted: stopped;"
                + " raise spec.attempt to resume.")
        Phase phase,
    @JsonPropertyDescription(
            "SHA-256 over the sorted names and contents of the scripts, recorded at inspection.")
        String bundleDigest,
    @JsonPropertyDescription("The version that every tenant shall reach.") String headVersion,
    @JsonPropertyDescription("SHA-256 of the frozen plan: binds the resume cursor to it.")
        String planHash,
    @JsonPropertyDescription("The attempt that this status is about.") Integer attempt,
    @JsonPropertyDescription("How often the run was aborted, over all attempts.")
        Integer abortCount,
    @Size(max = 10) @JsonPropertyDescription("The last 10 aborts, newest last.") List<Abort> aborts,
    @JsonPropertyDescription("Tenants of the plan by where they stand.") Totals totals,
    @JsonPropertyDescription("Cohorts in the plan.") Integer cohortCount,
    @JsonPropertyDescription(
            "The resume cursor: number of the last cohort that closed with all before it; 0 for none.")
        Integer lastClosedCohort,
    @JsonPropertyDescription("Closed cohorts of all cohorts, such as 2/5.") String cohortProgress,
    @Size(max = 100)
        @JsonPropertyDescription(
            "The last 50 cohorts that started, and all with failures; at most 100.")
        List<Cohort> cohorts,
    @JsonPropertyDescription(
            "Cohorts with failures that no longer fit into cohorts, kept for the next attempt: number,"
                + " attempt and counts of each, such as 7.1f3s2c90 for cohort 7, last run in attempt 1,"
                + " with 3 failed, 2 skipped and 90 already current.")
        String olderFailures,
    @JsonPropertyDescription(
            "While staggering: when the next cohort starts. While a gate settles: when its Job starts"
                + " (RFC 3339, UTC).")
        String nextCohortTime,
    @JsonPropertyDescription(
            "Time until the run ends, such as 42m, extrapolated from the tenants done so far, else from"
                + " the last durations of the fleet; absent when neither is known.")
        String estimatedDuration,
    @Size(max = 20) @JsonPropertyDescription("Failed tenants, at most 20 as a sample.")
        List<Failure> failures,
    @Size(max = 20)
        @JsonPropertyDescription(
            "Failed tenants grouped by cause, the largest group first; at most 20 groups.")
        List<FailureGroup> failureGroups,
    @Size(max = 10)
        @JsonPropertyDescription(
            "Versions of the bundle from which on newer application code is needed, newest first; at"
                + " most 10.")
        List<CodeFloor> codeFloors,
    @JsonPropertyDescription("When the run was first looked at (RFC 3339, UTC).") String startTime,
    @JsonPropertyDescription("When the run ended; absent while it goes on (RFC 3339, UTC).")
        String completionTime,
    @JsonPropertyDescription(
            "Ready, Reconciling, Stalled, Succeeded, Finished, Suspended; each with the generation it"
                + " was computed from.")
        List<Condition> conditions) {

  public TenantMigrationRunStatus {
    aborts = aborts == null ? List.of() : List.copyOf(aborts);
    cohorts = cohorts == null ? List.of() : List.copyOf(cohorts);
    failures = failures == null ? List.of() : List.copyOf(failures);
    failureGroups = failureGroups == null ? List.of() : List.copyOf(failureGroups);
    codeFloors = codeFloors == null ? List.of() : List.copyOf(codeFloors);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** The status of a run that nobody has looked at. */
  public static TenantMigrationRunStatus empty() {
    return new TenantMigrationRunStatus(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null);
  }

  /** The phase of a run. */
  public enum Phase {
    Pending,
    Running,
    Suspended,
    Succeeded,
    CompletedWithFailures,
    Planned,
    Aborted;

    /** Nothing more will happen unless the attempt rises. */
    public boolean isEnded() {
      return isFinished() || this == Aborted;
    }

    /** Went through the whole plan. */
    public boolean isFinished() {
      return this == Succeeded || this == CompletedWithFailures || this == Planned;
    }
  }

  /** One abort. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Abort(
      @Required @JsonPropertyDescription("The attempt that was aborted.") Integer attempt,
      @JsonPropertyDescription("The cohort that was running; absent before the first.")
          Integer cohort,
      @Required @JsonPropertyDescription("Why, the reason of the Ready condition.") String reason,
      @Required @JsonPropertyDescription("When (RFC 3339, UTC).") String time) {}

  /** Tenants of the plan by where they stand; all but {@code done} add up to {@code tenants}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Totals(
      @Required @JsonPropertyDescription("Tenants in the plan.") Integer tenants,
      @Required @JsonPropertyDescription("In cohorts that have not started.") Integer pending,
      @Required @JsonPropertyDescription("In the running cohort, without an outcome yet.")
          Integer running,
      @Required @JsonPropertyDescription("Migrated to head.") Integer succeeded,
      @Required @JsonPropertyDescription("Nothing was pending.") Integer alreadyCurrent,
      @Required @JsonPropertyDescription("Failed and not retried since.") Integer failed,
      @Required @JsonPropertyDescription("Left out: deleted, suspended, aborted before their turn.")
          Integer skipped,
      @Required @JsonPropertyDescription("succeeded + alreadyCurrent, for the printer column.")
          Integer done) {

    public static Totals of(
        int tenants,
        int pending,
        int running,
        int succeeded,
        int alreadyCurrent,
        int failed,
        int skipped) {
      return new Totals(
          tenants,
          pending,
          running,
          succeeded,
          alreadyCurrent,
          failed,
          skipped,
          succeeded + alreadyCurrent);
    }
  }

  /** One cohort that has started. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Cohort(
      @Required @JsonPropertyDescription("Number, from 1.") Integer number,
      @Required @JsonPropertyDescription("Tenants planned in it.") Integer size,
      @Required @JsonPropertyDescription("Migrated to head.") Integer succeeded,
      @Required @JsonPropertyDescription("Nothing was pending.") Integer alreadyCurrent,
      @Required @JsonPropertyDescription("Failed in their latest attempt.") Integer failed,
      @Required @JsonPropertyDescription("Left out.") Integer skipped,
      @Required @JsonPropertyDescription("Running, Closed (under its abort rate) or Aborted.")
          CohortState state,
      @Required @JsonPropertyDescription("The attempt that last ran it.") Integer attempt,
      @JsonPropertyDescription("Its Job.") String jobName,
      @JsonPropertyDescription("ConfigMap with the outcome of each tenant; absent while running.")
          String resultRef,
      @JsonPropertyDescription(
              "When its gate began to be set, or without a gate its Job was created (RFC 3339, UTC).")
          String startTime,
      @JsonPropertyDescription("When it closed or aborted (RFC 3339, UTC).")
          String completionTime) {

    /** Tenants that have an outcome. */
    public int ended() {
      return succeeded + alreadyCurrent + failed + skipped;
    }
  }

  /** The state of a cohort. */
  public enum CohortState {
    Running,
    Closed,
    Aborted
  }

  /** One failed tenant, as a sample. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Failure(
      @Required @JsonPropertyDescription("Name of the Tenant.") String tenant,
      @JsonPropertyDescription("host:port of its database.") String server,
      @Required @JsonPropertyDescription("Number of its cohort.") Integer cohort,
      @JsonPropertyDescription("One of the documented reasons.") TenantReason reason,
      @JsonPropertyDescription("SQLSTATE of the error.") String sqlState,
      @JsonPropertyDescription("Version of the migration that failed.") String failedVersion,
      @JsonPropertyDescription("The reason for people, without credentials and row data.")
          String message) {}

  /** Failed tenants with one cause. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FailureGroup(
      @Required
          @JsonPropertyDescription(
              "Names the cause: the same SQLSTATE, version and message without literals give the same"
                  + " fingerprint, in other runs too.")
          String fingerprint,
      @JsonPropertyDescription("One of the documented reasons.") TenantReason reason,
      @JsonPropertyDescription("SQLSTATE of the error.") String sqlState,
      @JsonPropertyDescription("Version of the migration that failed.") String failedVersion,
      @Required @JsonPropertyDescription("Failed tenants in this group.") Integer count,
      @Required @JsonPropertyDescription("Servers (host:port) that they live on.") Integer servers,
      @Required @JsonPropertyDescription("One of them.") String example) {}

  /** From this version on the schema needs application code that is at least this new. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record CodeFloor(
      @Required @JsonPropertyDescription("Version of the migration.") String version,
      @Required @JsonPropertyDescription("What its header declares.")
          String minCompatibleCodeVersion) {}

  /** The condition with this type, or null. */
  public Condition condition(String type) {
    return conditions.stream()
        .filter(condition -> Objects.equals(condition.type(), type))
        .findFirst()
        .orElse(null);
  }
}
