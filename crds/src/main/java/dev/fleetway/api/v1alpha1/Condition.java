package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One observation about an object, with the meaning of {@code metav1.Condition}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @Required @Size(max = 316) @JsonPropertyDescription("What is observed, in PascalCase.")
        String type,
    @Required @JsonPropertyDescription("True, False or Unknown.") Status status,
    @JsonPropertyDescription("metadata.generation that the condition was computed from.")
        Long observedGeneration,
    @Required
        @JsonPropertyDescription(
            "When status last changed (RFC 3339, UTC). A new message does not move it.")
        String lastTransitionTime,
    @Required
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @Size(max = 1024)
        @JsonPropertyDescription("Why, as one word of a documented, finite set.")
        String reason,
    @Required @Size(max = 32768) @JsonPropertyDescription("Why, for people, with what to do next.")
        String message) {

  /** The three values a condition can have. */
  public enum Status {
    True,
    False,
    Unknown;

    public static Status of(boolean value) {
      return value ? True : False;
    }
  }
}
