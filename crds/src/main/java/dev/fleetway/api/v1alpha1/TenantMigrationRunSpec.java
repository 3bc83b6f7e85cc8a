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
import java.util.Locale;
import java.util.Map;
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

  /** A duration such as {@code 90s}, {@code 2m} or {@code 1h30m}: whole numbers, largest first. */
  static final String DURATION_PATTERN =
      "^([0-9]{1,4}h([0-9]{1,4}m)?([0-9]{1,5}s)?|[0-9]{1,4}m([0-9]{1,5}s)?|[0-9]{1,5}s)$";

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

  /** Exactly one source of SQL scripts. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "oldSelf.hasValue() || has(self.image) != has(self.configMapRefs)",
      optionalOldSelf = true,
      reason = "FieldValueForbidden",
      message = "name exactly one source: image or configMapRefs")
  @ValidationRule(
      value =
          "oldSelf.hasValue() || !has(self.placeholders) || self.placeholders.all(name,"
              + " name.matches('^[A-Za-z_][A-Za-z0-9_.-]{0,62}$') && !name.startsWith('fleetway.'))",
      optionalOldSelf = true,
      fieldPath = ".placeholders",
      reason = "FieldValueForbidden",
      message =
          "the name of a placeholder is a letter or underscore and up to 62 letters, digits, dots,"
              + " hyphens or underscores; names that start with fleetway. are reserved")
  public record Migrations(
      @JsonPropertyDescription("A container image that holds the scripts.") Image image,
      @Size(min = 1, max = 16)
          @JsonPropertyDescription(
              "ConfigMaps of the namespace, one key per script; several when one would pass 1 MiB. A"
                  + " file name in two of them is an error.")
          List<ConfigMapRef> configMapRefs,
      @JsonPropertyDescription(
              "Values for ${name} in the scripts, the same for every tenant. Set, even empty, it turns"
                  + " replacement on, and ${fleetway.tenant} is the tenant's name. The checksum of a"
                  + " repeatable script covers the values. Default: absent, ${…} is left as it is.")
          Map<String, String> placeholders,
      @Default("false")
          @JsonPropertyDescription(
              "true: a version below one that is applied already is applied too. false: such a tenant"
                  + " fails with OutOfOrder. Default: false.")
          Boolean outOfOrder,
      @Default("[]")
          @Size(max = 100)
          @JsonPropertyDescription(
              "Versions whose edited script is accepted where the old one was applied: the checksum in"
                  + " the tenant's history is set to the new script's, which does not run again."
                  + " Counted and reported in status.lastRun.realigned. Default: none.")
          List<@Pattern("^[0-9]+([._][0-9]+)*$") String> realignChecksums) {
    public Migrations {
      configMapRefs = configMapRefs == null ? null : List.copyOf(configMapRefs);
      placeholders = placeholders == null ? null : Map.copyOf(placeholders);
      outOfOrder = Objects.requireNonNullElse(outOfOrder, false);
      realignChecksums = realignChecksums == null ? List.of() : List.copyOf(realignChecksums);
    }
  }

  /** An image with SQL scripts in it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Image(
      @Required
          @Size(min = 1, max = 1024)
          @Pattern(IMAGE_PATTERN)
          @JsonPropertyDescription(
              "Image reference. Pin a digest (name@sha256:…): each pod refuses a bundle that differs"
                  + " from the inspected one.")
          String reference,
      @Default("/migrations")
          @Pattern("^/[A-Za-z0-9._/-]{0,254}$")
          @JsonPropertyDescription(
              "Absolute path of the directory with the scripts. Default: /migrations.")
          String path,
      @Default("Copy")
          @JsonPropertyDescription(
              "Copy: an init container of this image copies the scripts (the image needs cp). Runner:"
                  + " the image is a Fleetway runner image with the scripts added. Default: Copy.")
          Mount mount) {
    public Image {
      path = Objects.requireNonNullElse(path, "/migrations");
      mount = Objects.requireNonNullElse(mount, Mount.Copy);
    }
  }

  /** How the scripts of an image reach the runner. */
  public enum Mount {
    Copy,
    Runner
  }

  /** A ConfigMap of the run's namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ConfigMapRef(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")
          @JsonPropertyDescription("Name of the ConfigMap.")
          String name) {}

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

  /** How the fleet is divided into cohorts and when the run stops. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rollout(
      @JsonPropertyDescription(
              "Tenants with these labels lead, in cohorts of their own: a canary never shares a cohort"
                  + " with others. Default: nobody leads. Frozen.")
          LabelSelector first,
      @Size(min = 1, max = 317)
          @Pattern("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$")
          @JsonPropertyDescription(
              "Label key: tenants are ordered by its value, as text, those without it last; then by"
                  + " name. Default: by name. Frozen.")
          String orderBy,
      @Default("[100]")
          @Size(min = 1, max = 100)
          @JsonPropertyDescription(
              "Tenants per cohort, in order; the last one repeats until the fleet is through. 1 to"
                  + " 1000 each. Default: [100]. Frozen.")
          List<@Min(1) @Max(1000) Integer> cohortSizes,
      @Min(1)
          @Max(10000)
          @JsonPropertyDescription(
              "After so many cohorts the run waits until spec.promote is true. Default: it never waits."
                  + " Frozen.")
          Integer pauseAfter,
      @Default("0s")
          @Pattern(DURATION_PATTERN)
          @JsonPropertyDescription(
              "Pause after a cohort closes, before the next starts, such as 90s, 2m or 1h30m. None"
                  + " after a cohort that applied nothing. Default: 0s. May change only together with"
                  + " a higher attempt.")
          String stagger,
      @Default("10%")
          @Pattern("^(100|[1-9]?[0-9])%$")
          @JsonPropertyDescription(
              "Share of failed tenants in one cohort at which the run aborts, 0% to 100%; skipped"
                  + " tenants do not count. With 0%, or in a cohort of one, any failure aborts."
                  + " Default: 10%. May change only together with a higher attempt.")
          String abortRate) {
    public Rollout {
      cohortSizes = cohortSizes == null ? List.of(100) : List.copyOf(cohortSizes);
      stagger = Objects.requireNonNullElse(stagger, "0s");
      abortRate = Objects.requireNonNullElse(abortRate, "10%");
    }

    /** {@link #stagger} as a duration. */
    public Duration staggerTime() {
      return duration(stagger);
    }

    /** {@link #abortRate} in percent, 0 to 100. */
    public int abortPercent() {
      return Integer.parseInt(abortRate.substring(0, abortRate.length() - 1));
    }
  }

  /** How one pod works through its tenants. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Execution(
      @Default("3")
          @Min(1)
          @Max(64)
          @JsonPropertyDescription("Tenants at a time in one pod, 1 to 64. Default: 3.")
          Integer concurrency,
      @Default("1")
          @Min(1)
          @Max(16)
          @JsonPropertyDescription(
              "Pods per cohort, 1 to 16. All tenants of one server (host:port) are in one pod, so there"
                  + " are never more pods than servers. Default: 1.")
          Integer shards,
      @Default("3")
          @Min(1)
          @Max(64)
          @JsonPropertyDescription(
              "Tenants at a time on one server (host:port) within this run, 1 to 64; concurrency above"
                  + " it serves other servers. Default: 3.")
          Integer maxConcurrencyPerServer,
      @Default("120s")
          @Pattern(DURATION_PATTERN)
          @JsonPropertyDescription(
              "Time for one tenant in all, such as 120s or 10m; then its session is cancelled and it"
                  + " fails with TenantTimeout. Default: 120s.")
          String tenantTimeout,
      @Default("5s")
          @Pattern(DURATION_PATTERN)
          @JsonPropertyDescription(
              "How long a statement waits for a lock (PostgreSQL lock_timeout) before the tenant fails"
                  + " with LockTimeout. Does not apply to scripts that run outside a transaction."
                  + " Default: 5s.")
          String lockTimeout,
      @Default("2")
          @Min(0)
          @Max(10)
          @JsonPropertyDescription(
              "How often a tenant is tried again after a transient SQL failure (SQLSTATE 55P03, 40001,"
                  + " 40P01, 57P01 to 57P03, 53300), 0 to 10. A connection that fails is tried again"
                  + " until tenantTimeout whatever this says. Default: 2.")
          Integer retries) {
    public Execution {
      concurrency = Objects.requireNonNullElse(concurrency, 3);
      shards = Objects.requireNonNullElse(shards, 1);
      maxConcurrencyPerServer = Objects.requireNonNullElse(maxConcurrencyPerServer, 3);
      tenantTimeout = Objects.requireNonNullElse(tenantTimeout, "120s");
      lockTimeout = Objects.requireNonNullElse(lockTimeout, "5s");
      retries = Objects.requireNonNullElse(retries, 2);
    }

    /** {@link #tenantTimeout} as a duration, at least one second. */
    public Duration tenantTime() {
      Duration time = duration(tenantTimeout);
      return time.isZero() ? Duration.ofSeconds(1) : time;
    }

    /** {@link #lockTimeout} as a duration. */
    public Duration lockTime() {
      return duration(lockTimeout);
    }
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
          @Pattern(DURATION_PATTERN)
          @JsonPropertyDescription(
              "Time between the gate and the Job, for the application to notice. Default: 10s.")
          String settle) {
    public Gate {
      mode = Objects.requireNonNullElse(mode, GateMode.None);
      settle = Objects.requireNonNullElse(settle, "10s");
    }

    /** {@link #settle} as a duration. */
    public Duration settleTime() {
      return duration(settle);
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

  private static Duration duration(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }
}
