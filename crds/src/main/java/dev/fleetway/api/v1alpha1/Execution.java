package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import java.time.Duration;
import java.util.Objects;

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
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
            "Time for one tenant in all, such as 120s or 10m; then its session is cancelled and it"
                + " fails with TenantTimeout. Default: 120s.")
        String tenantTimeout,
    @Default("5s")
        @Pattern(DurationText.PATTERN)
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
    Duration time = DurationText.parse(tenantTimeout);
    return time.isZero() ? Duration.ofSeconds(1) : time;
  }

  /** {@link #lockTimeout} as a duration. */
  public Duration lockTime() {
    return DurationText.parse(lockTimeout);
  }
}
