package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

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
        @Pattern(DurationText.PATTERN)
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
    return DurationText.parse(stagger);
  }

  /** {@link #abortRate} in percent, 0 to 100. */
  public int abortPercent() {
    return Integer.parseInt(abortRate.substring(0, abortRate.length() - 1));
  }
}
