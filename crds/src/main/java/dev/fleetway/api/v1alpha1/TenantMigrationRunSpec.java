package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a run shall do. {@code suspend}, {@code abort}, {@code promote} and {@code attempt} may
 * change at any time; {@code execution}, {@code compatibility}, {@code runner}, {@code
 * rollout.stagger} and {@code rollout.abortRate} only together with a higher {@code attempt}; the
 * rest never.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "What the run shall do. suspend, abort, promote and attempt may change at any time; execution,"
        + " compatibility, runner, rollout.stagger and rollout.abortRate only together with a higher"
        + " attempt; the rest is frozen.")
@ValidationRule(
    value = "self.mode == oldSelf.mode",
    fieldPath = ".mode",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value = "self.migrations == oldSelf.migrations",
    fieldPath = ".migrations",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value =
        "has(self.targetVersion) == has(oldSelf.targetVersion) && (!has(self.targetVersion) ||"
            + " self.targetVersion == oldSelf.targetVersion)",
    fieldPath = ".targetVersion",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value =
        "has(self.baselineVersion) == has(oldSelf.baselineVersion) && (!has(self.baselineVersion) || self.baselineVersion == oldSelf.baselineVersion)",
    fieldPath = ".baselineVersion",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value = "self.tenants == oldSelf.tenants",
    fieldPath = ".tenants",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value = "self.rollout.cohortSizes == oldSelf.rollout.cohortSizes",
    fieldPath = ".rollout.cohortSizes",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value =
        "has(self.rollout.first) == has(oldSelf.rollout.first) && (!has(self.rollout.first) || self.rollout.first == oldSelf.rollout.first)",
    fieldPath = ".rollout.first",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value =
        "has(self.rollout.orderBy) == has(oldSelf.rollout.orderBy) && (!has(self.rollout.orderBy) || self.rollout.orderBy == oldSelf.rollout.orderBy)",
    fieldPath = ".rollout.orderBy",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value =
        "has(self.rollout.pauseAfter) == has(oldSelf.rollout.pauseAfter) && (!has(self.rollout.pauseAfter) || self.rollout.pauseAfter == oldSelf.rollout.pauseAfter)",
    fieldPath = ".rollout.pauseAfter",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value = "self.gate == oldSelf.gate",
    fieldPath = ".gate",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.FROZEN)
@ValidationRule(
    value =
        "self.attempt > oldSelf.attempt || (self.rollout.stagger == oldSelf.rollout.stagger &&"
            + " self.rollout.abortRate == oldSelf.rollout.abortRate)",
    fieldPath = ".rollout",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.WITH_ATTEMPT)
@ValidationRule(
    value = "self.attempt > oldSelf.attempt || self.execution == oldSelf.execution",
    fieldPath = ".execution",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.WITH_ATTEMPT)
@ValidationRule(
    value =
        "self.attempt > oldSelf.attempt || (has(self.runner) == has(oldSelf.runner) &&"
            + " (!has(self.runner) || self.runner == oldSelf.runner))",
    fieldPath = ".runner",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.WITH_ATTEMPT)
@ValidationRule(
    value =
        "self.attempt > oldSelf.attempt || (has(self.compatibility) == has(oldSelf.compatibility) && (!has(self.compatibility) || self.compatibility == oldSelf.compatibility))",
    fieldPath = ".compatibility",
    reason = "FieldValueForbidden",
    message = TenantMigrationRunSpec.WITH_ATTEMPT)
@ValidationRule(
    value = "oldSelf.hasValue() || self.mode != 'Plan' || self.gate.mode == 'None'",
    optionalOldSelf = true,
    fieldPath = ".gate.mode",
    reason = "FieldValueForbidden",
    message = "a run in mode Plan changes nothing: leave the gate out")
@ValidationRule(
    value = "oldSelf.hasValue() || self.mode != 'Plan' || !has(self.rollout.pauseAfter)",
    optionalOldSelf = true,
    fieldPath = ".rollout.pauseAfter",
    reason = "FieldValueForbidden",
    message = "a run in mode Plan changes nothing and never pauses: leave pauseAfter out")
@ValidationRule(
    value =
        "!self.promote || has(self.rollout.pauseAfter) || (oldSelf.hasValue() && oldSelf.value().promote)",
    optionalOldSelf = true,
    fieldPath = ".promote",
    reason = "FieldValueForbidden",
    message =
        "there is nothing to promote without rollout.pauseAfter: leave promote out, or create a new run with pauseAfter")
public record TenantMigrationRunSpec(
    @Default("Apply")
        @JsonPropertyDescription(
            "Apply: migrate the tenants. Plan: connect read-only, write nothing there, and report per"
                + " tenant in status.lastPlan what a run would do. Default: Apply. Frozen.")
        Mode mode,
    @Required @JsonPropertyDescription("Where the bundle of Flyway SQL scripts comes from. Frozen.")
        Migrations migrations,
    @Size(min = 1, max = 64)
        @Pattern("^[0-9]+([._][0-9]+)*$")
        @JsonPropertyDescription(
            "Highest version to apply; it must exist in the bundle. Default: the newest in the bundle."
                + " Frozen.")
        String targetVersion,
    @Size(min = 1, max = 64)
        @Pattern("^[0-9]+([._][0-9]+)*$")
        @JsonPropertyDescription(
            "Adopts a schema that is not empty and has no history table: versions up to this one count"
                + " as applied there. Default: none, such a tenant fails with HistoryMissing. Frozen.")
        String baselineVersion,
    @Default("{}")
        @JsonPropertyDescription("Which tenants of the namespace take part. Default: all. Frozen.")
        Tenants tenants,
    @Default("{}") @JsonPropertyDescription("How the fleet is divided and when to stop.")
        Rollout rollout,
    @Default("{}")
        @JsonPropertyDescription(
            "How one pod works. May change only together with a higher attempt.")
        Execution execution,
    @Default("{}")
        @JsonPropertyDescription(
            "Whether the tenants of the running cohort are read-only until it closes. Frozen.")
        Gate gate,
    @JsonPropertyDescription(
            "Which application code works on the fleet now. May change only together with a higher"
                + " attempt. Default: not checked.")
        Compatibility compatibility,
    @JsonPropertyDescription(
            "The runner's pod. May change only together with a higher attempt. Default: what the"
                + " operator was installed with.")
        Runner runner,
    @Default("false")
        @JsonPropertyDescription(
            "true: start no further cohort; a running one finishes. false: go on. Default: false.")
        Boolean suspend,
    @Default("false")
        @JsonPropertyDescription(
            "true: stop. Tenants in work are drained, nothing new starts, the phase becomes Aborted."
                + " Wins over suspend. Set it back to false together with a higher attempt."
                + " Default: false.")
        Boolean abort,
    @Default("false")
        @JsonPropertyDescription(
            "true: go on after the cohorts of rollout.pauseAfter. Without pauseAfter there is nothing"
                + " to promote. Default: false.")
        Boolean promote,
    @Default("1")
        @Min(1)
        @Max(9999)
        @JsonPropertyDescription(
            "Raise by one to resume a run that is Aborted or CompletedWithFailures: it goes on with"
                + " the first cohort that did not close, over the same plan and the same bundle."
                + " Default: 1.")
        Integer attempt) {

  static final String FROZEN =
      "the field is frozen once the run exists: create a new run for other values";
  static final String WITH_ATTEMPT =
      "the field may change only in the same patch that raises spec.attempt by one, once the run is"
          + " Aborted (spec.abort: true ends one that goes on) or CompletedWithFailures";

  /** An image reference is one word; what is in it the kubelet knows better. */
  static final String IMAGE_PATTERN = "^\\S+$";

  public TenantMigrationRunSpec {
    mode = Objects.requireNonNullElse(mode, Mode.Apply);
    tenants = tenants == null ? new Tenants(null, null, null) : tenants;
    rollout = rollout == null ? new Rollout(null, null, null, null, null, null) : rollout;
    execution = execution == null ? new Execution(null, null, null, null, null, null) : execution;
    gate = gate == null ? new Gate(null, null) : gate;
    suspend = Objects.requireNonNullElse(suspend, false);
    abort = Objects.requireNonNullElse(abort, false);
    promote = Objects.requireNonNullElse(promote, false);
    attempt = Objects.requireNonNullElse(attempt, 1);
  }

  /** What a run does with the tenants. */
  public enum Mode {
    Apply,
    Plan
  }

  /** Which tenants take part. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Tenants(
      @JsonPropertyDescription("Label selector over Tenants. Default: all, unless names are given.")
          LabelSelector selector,
      @Default("[]")
          @Size(max = 500)
          @JsonPropertyDescription(
              "Tenants by name; with a selector the union of both. A name that does not exist is"
                  + " Skipped with reason TenantNotFound. Default: none.")
          List<@Size(min = 1, max = 253) String> names,
      @Default("[\"Active\", \"ReadOnly\"]")
          @Size(min = 1, max = 2)
          @JsonPropertyDescription(
              "Only tenants in these states take part. Default: Active and ReadOnly.")
          List<MigratableState> states) {
    public Tenants {
      names = names == null ? List.of() : List.copyOf(names);
      states =
          states == null
              ? List.of(MigratableState.Active, MigratableState.ReadOnly)
              : List.copyOf(states);
    }
  }

  /** A state in which a tenant can be migrated. */
  public enum MigratableState {
    Active,
    ReadOnly
  }

  /** Whether the tenants of the running cohort are read-only until it closes. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Gate(
      @Default("None")
          @JsonPropertyDescription(
              "ReadOnly: status.access of the cohort's tenants is ReadOnly from before its Job starts"
                  + " until the cohort closes, aborts, or the run is deleted. None: it is left alone."
                  + " Default: None.")
          GateMode mode,
      @Default("10s")
          @Pattern(DurationText.PATTERN)
          @JsonPropertyDescription(
              "Time between the gate and the Job, for the application to notice. Default: 10s.")
          String settle) {
    public Gate {
      mode = Objects.requireNonNullElse(mode, GateMode.None);
      settle = Objects.requireNonNullElse(settle, "10s");
    }

    /** {@link #settle} as a duration. */
    public Duration settleTime() {
      return DurationText.parse(settle);
    }
  }

  /** What a gate does. */
  public enum GateMode {
    None,
    ReadOnly
  }

  /** Which application code works on the fleet while the run goes on. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Compatibility(
      @Required
          @Size(min = 5, max = 64)
          @Pattern(
              "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$")
          @JsonPropertyDescription(
              "Version of the application that is running now (https://semver.org). A pending migration"
                  + " that declares a higher minCompatibleCodeVersion aborts the run with"
                  + " IncompatibleCodeVersion, whatever the abort rate.")
          String codeVersion) {}
}
