package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;

/** What is known of a tenant. The runner writes outcomes, the operator {@code access}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What is known of the tenant. Written by Fleetway alone.")
public record TenantStatus(
    @JsonPropertyDescription("metadata.generation that access was derived from.")
        Long observedGeneration,
    @JsonPropertyDescription("Highest version that is applied. Absent: never seen.")
        String schemaVersion,
    @JsonPropertyDescription(
            "Highest version declared by an applied migration's -- fleetway:minCompatibleCodeVersion"
                + " header: older application code cannot work on this schema. Falls only with a new"
                + " database. Absent: none declared.")
        String minCompatibleCodeVersion,
    @JsonPropertyDescription(
            "What the application must honour now: ReadWrite, ReadOnly, or None while suspended."
                + " Derived from spec.state, never toggled.")
        Access access,
    @JsonPropertyDescription("What the last run in mode Apply did to this tenant.") LastRun lastRun,
    @JsonPropertyDescription("What the last run in mode Plan found here.") LastPlan lastPlan,
    @JsonPropertyDescription("Ready: True when at the head of the last run and reachable.")
        List<Condition> conditions) {

  public TenantStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
  }

  /** What the application may do with a tenant's data. */
  public enum Access {
    ReadWrite,
    ReadOnly,
    None
  }

  /** How a tenant left a run. */
  public enum Outcome {
    /** Migrations were applied and the tenant is at head. */
    Succeeded,
    /** Nothing was pending. */
    AlreadyCurrent,
    /** Not at head; the reason says why. */
    Failed,
    /** Not touched; the reason says why. */
    Skipped;

    /** The tenant is where the run wants it: a later attempt leaves it alone. */
    public boolean isSuccess() {
      return this == Succeeded || this == AlreadyCurrent;
    }
  }

  /** One tenant's outcome, final for its run uid, attempt and cohort. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "self.uid != oldSelf.uid || (self.attempt >= oldSelf.attempt && self.cohort >="
              + " oldSelf.cohort)",
      fieldPath = ".attempt",
      reason = "FieldValueForbidden",
      message =
          "an outcome of an older attempt or cohort cannot replace a newer one of the same run")
  @ValidationRule(
      value =
          "self.uid != oldSelf.uid || self.attempt != oldSelf.attempt || self.cohort !="
              + " oldSelf.cohort || self == oldSelf",
      reason = "FieldValueForbidden",
      message =
          "an outcome is final for its run, attempt and cohort: raise spec.attempt of the run")
  public record LastRun(
      @Required @Size(max = 63) @JsonPropertyDescription("Name of the TenantMigrationRun.")
          String name,
      @Required @Size(max = 36) @JsonPropertyDescription("metadata.uid of the run.") String uid,
      @Required @JsonPropertyDescription("spec.attempt of the run, from 1.") Integer attempt,
      @Required @JsonPropertyDescription("Number of the cohort, from 1.") Integer cohort,
      @Required
          @JsonPropertyDescription(
              "Succeeded: migrations were applied. AlreadyCurrent: nothing was pending. Failed: not at"
                  + " head. Skipped: not touched.")
          Outcome outcome,
      @JsonPropertyDescription("Why it failed or was skipped: one of the documented reasons.")
          TenantReason reason,
      @JsonPropertyDescription(
              "The reason for people. Carries no credentials and no row data: literals are removed.")
          String message,
      @JsonPropertyDescription(
              "SQLSTATE of the error, five characters"
                  + " (https://www.postgresql.org/docs/current/errcodes-appendix.html).")
          String sqlState,
      @JsonPropertyDescription("Version of the migration that failed.") String failedVersion,
      @JsonPropertyDescription("Highest applied version before. Absent: none.") String fromVersion,
      @JsonPropertyDescription("Highest applied version after. Absent: none.") String toVersion,
      @JsonPropertyDescription("How often it was tried in this attempt, 1 without a retry.")
          Integer tries,
      @JsonPropertyDescription("When the runner began with the tenant (RFC 3339, UTC).")
          String startTime,
      @JsonPropertyDescription("Time spent on the tenant, in milliseconds.") Long durationMillis,
      @Size(max = 20)
          @JsonPropertyDescription("The migrations applied, newest last; at most the newest 20.")
          List<AppliedMigration> migrations,
      @Size(max = 20)
          @JsonPropertyDescription(
              "Versions whose checksum in the history was set to the edited script's, as"
                  + " migrations.realignChecksums of the run allows.")
          List<String> realigned) {

    public LastRun {
      migrations = migrations == null ? null : List.copyOf(migrations);
      realigned = realigned == null ? null : List.copyOf(realigned);
    }

    /** An outcome that nobody measured: the operator's word for a tenant that no pod spoke for. */
    public static LastRun unmeasured(
        String name,
        String uid,
        int attempt,
        int cohort,
        Outcome outcome,
        TenantReason reason,
        String message) {
      return new LastRun(
          name, uid, attempt, cohort, outcome, reason, message, null, null, null, null, null, null,
          null, null, null);
    }

    /** Is this evidence for the run with this uid? */
    public boolean belongsTo(String runUid) {
      return Objects.equals(uid, runUid);
    }
  }

  /** What a run in mode Plan found in one tenant. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "self.uid != oldSelf.uid || (self.attempt >= oldSelf.attempt && self.cohort >="
              + " oldSelf.cohort)",
      fieldPath = ".attempt",
      reason = "FieldValueForbidden",
      message = "what an older attempt or cohort found cannot replace a newer one of the same run")
  public record LastPlan(
      @Required @Size(max = 63) @JsonPropertyDescription("Name of the TenantMigrationRun.")
          String name,
      @Required @Size(max = 36) @JsonPropertyDescription("metadata.uid of the run.") String uid,
      @Required @JsonPropertyDescription("spec.attempt of the run, from 1.") Integer attempt,
      @Required @JsonPropertyDescription("Number of the cohort, from 1.") Integer cohort,
      @Required @JsonPropertyDescription("When (RFC 3339, UTC).") String time,
      @JsonPropertyDescription("Highest applied version. Absent: none, or not reachable.")
          String currentVersion,
      @JsonPropertyDescription("Migrations that a run would apply. Absent: not known.")
          Integer pending,
      @Size(max = 20)
          @JsonPropertyDescription(
              "Their versions, oldest first, repeatable ones by description; at most the oldest 20.")
          List<String> pendingVersions,
      @Size(max = 20)
          @JsonPropertyDescription("What would make a run fail here; empty when nothing would.")
          List<Problem> problems) {

    public LastPlan {
      pendingVersions = pendingVersions == null ? List.of() : List.copyOf(pendingVersions);
      problems = problems == null ? List.of() : List.copyOf(problems);
    }

    /** Is this evidence for the run with this uid? */
    public boolean belongsTo(String runUid) {
      return Objects.equals(uid, runUid);
    }
  }

  /** What would make a run fail in a tenant. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Problem(
      @Required @JsonPropertyDescription("One of the documented reasons.") TenantReason reason,
      @JsonPropertyDescription("Version of the migration that it is about.") String version,
      @Required @JsonPropertyDescription("The reason for people, without credentials and row data.")
          String message) {}

  /** One migration as it was applied. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AppliedMigration(
      @Required @JsonPropertyDescription("Version, as in the file name.") String version,
      @Required @JsonPropertyDescription("Time it took, in milliseconds.") Long millis) {}
}
