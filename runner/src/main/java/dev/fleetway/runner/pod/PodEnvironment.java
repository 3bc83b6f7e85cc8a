package dev.fleetway.runner.pod;

import dev.fleetway.api.pod.PodContract;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The environment variables of {@link PodContract}, read where they are needed. */
public record PodEnvironment(Map<String, String> variables) {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  public PodEnvironment {
    variables = Map.copyOf(variables);
  }

  public Path assignment() {
    return path(PodContract.ENV_ASSIGNMENT);
  }

  public Path bundle() {
    return path(PodContract.ENV_BUNDLE);
  }

  public Path credentials() {
    return path(PodContract.ENV_CREDENTIALS);
  }

  public Path terminationMessage() {
    return path(PodContract.ENV_TERMINATION_MESSAGE);
  }

  /** The version to migrate to, when the run names one. */
  public Optional<String> targetVersion() {
    return value(PodContract.ENV_TARGET_VERSION);
  }

  /** Which shard of the cohort this pod is, from 0. */
  public int shard() {
    return (int) wholeNumber(PodContract.ENV_SHARD, Integer.MAX_VALUE).orElse(0);
  }

  /** From SIGTERM to SIGKILL. */
  public Duration grace() {
    OptionalLong seconds = wholeNumber(PodContract.ENV_GRACE_SECONDS, Integer.MAX_VALUE);
    return seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()) : DEFAULT_GRACE;
  }

  private OptionalLong wholeNumber(String name, long atMost) {
    Optional<String> value = value(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(value.get());
      if (number >= 0 && number <= atMost) {
        return OptionalLong.of(number);
      }
    } catch (NumberFormatException e) {
      // The same error as for a number out of range.
    }
    throw new PermanentError(
        PermanentError.INVALID_CONFIGURATION, name + " is not a whole number from 0");
  }

  private Path path(String name) {
    String value =
        value(name)
            .orElseThrow(
                () ->
                    new PermanentError(
                        PermanentError.INVALID_CONFIGURATION, "environment lacks " + name));
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new PermanentError(PermanentError.INVALID_CONFIGURATION, name + " is not a path");
    }
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }
}
