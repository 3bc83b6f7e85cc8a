package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.stream.Stream;

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

  /**
   * The same condition as it follows on these: only a flip of the status moves the time, and a new
   * reason or message does not.
   */
  public Condition after(List<Condition> before) {
    return before.stream()
        .filter(old -> old.type().equals(type) && old.status() == status)
        .findFirst()
        .map(
            old ->
                new Condition(
                    type, status, observedGeneration, old.lastTransitionTime(), reason, message))
        .orElse(this);
  }

  /** These conditions with the one of this type replaced; all others stay as they are. */
  public List<Condition> mergedInto(List<Condition> before) {
    Condition merged = after(before);
    return Stream.concat(before.stream().filter(old -> !old.type().equals(type)), Stream.of(merged))
        .toList();
  }

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
