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
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a run shall do. {@code suspend}, {@code abort} and {@code attempt} may change at any time;
 * {@code execution}, {@code runner}, {@code rollout.stagger} and {@code rollout.abortRate} only
 * together with a higher {@code attempt}; the rest never.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription(
    "What the run shall do. suspend, abort and attempt may change at any time; execution, runner,"
        + " rollout.stagger and rollout.abortRate only together with a higher attempt; the rest is frozen.")
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
public record TenantMigrationRunSpec(
    @Default("Apply")
        @JsonPropertyDescription("Apply: migrate the tenants. Default: Apply. Frozen.")
        Mode mode,
    @Required @JsonPropertyDescription("Where the bundle of Flyway SQL scripts comes from. Frozen.")
        Migrations migrations,
    @Size(min = 1, max = 64)
        @Pattern("^[0-9]+([._][0-9]+)*$")
        @JsonPropertyDescription(
            "Highest version to apply; it must exist in the bundle. Default: the newest in the bundle."
                + " Frozen.")
        String targetVersion,
    @Default("{}")
        @JsonPropertyDescription("Which tenants of the namespace take part. Default: all. Frozen.")
        Tenants tenants,
    @Default("{}") @JsonPropertyDescription("How the fleet is divided and when to stop.")
        Rollout rollout,
    @Default("{}")
        @JsonPropertyDescription(
            "How one pod works. May change only together with a higher attempt.")
        Execution execution,
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
          + " Aborted or CompletedWithFailures";

  /** A duration such as {@code 90s}, {@code 2m} or {@code 1h30m}: whole numbers, largest first. */
  static final String DURATION_PATTERN =
      "^([0-9]{1,4}h([0-9]{1,4}m)?([0-9]{1,5}s)?|[0-9]{1,4}m([0-9]{1,5}s)?|[0-9]{1,5}s)$";

  /** An image reference is one word; what is in it the kubelet knows better. */
  static final String IMAGE_PATTERN = "^\\S+$";

  public TenantMigrationRunSpec {
    mode = Objects.requireNonNullElse(mode, Mode.Apply);
    tenants = tenants == null ? new Tenants(null, null, null) : tenants;
    rollout = rollout == null ? new Rollout(null, null, null) : rollout;
    execution = execution == null ? new Execution(null, null, null) : execution;
    suspend = Objects.requireNonNullElse(suspend, false);
    abort = Objects.requireNonNullElse(abort, false);
    attempt = Objects.requireNonNullElse(attempt, 1);
  }

  /** What a run does with the tenants. */
  public enum Mode {
    Apply
  }

  /** Exactly one source of SQL scripts. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "oldSelf.hasValue() || has(self.image) != has(self.configMapRefs)",
      optionalOldSelf = true,
      reason = "FieldValueForbidden",
      message = "name exactly one source: image or configMapRefs")
  public record Migrations(
      @JsonPropertyDescription("A container image that holds the scripts.") Image image,
      @Size(min = 1, max = 16)
          @JsonPropertyDescription(
              "ConfigMaps of the namespace, one key per script; several when one would pass 1 MiB. A"
                  + " file name in two of them is an error.")
          List<ConfigMapRef> configMapRefs) {
    public Migrations {
      configMapRefs = configMapRefs == null ? null : List.copyOf(configMapRefs);
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
      @Default("[100]")
          @Size(min = 1, max = 100)
          @JsonPropertyDescription(
              "Tenants per cohort, in order; the last one repeats until the fleet is through. 1 to"
                  + " 1000 each. Default: [100]. Frozen.")
          List<@Min(1) @Max(1000) Integer> cohortSizes,
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
          String lockTimeout) {
    public Execution {
      concurrency = Objects.requireNonNullElse(concurrency, 3);
      tenantTimeout = Objects.requireNonNullElse(tenantTimeout, "120s");
      lockTimeout = Objects.requireNonNullElse(lockTimeout, "5s");
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

  /** What a run may choose about the runner's pod. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Runner(
      @Size(min = 1, max = 1024)
          @Pattern(IMAGE_PATTERN)
          @JsonPropertyDescription(
              "Image of the runner. Default: the image of the operator's own release.")
          String image,
      @JsonPropertyDescription(
              "Compute resources of the runner's container. Default: what the operator was installed"
                  + " with.")
          ResourceRequirements resources) {}

  private static Duration duration(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }
}
