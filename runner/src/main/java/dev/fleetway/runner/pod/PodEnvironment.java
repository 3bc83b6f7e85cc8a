package dev.fleetway.runner.pod;

import dev.fleetway.api.pod.PodContract;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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

  /** From SIGTERM to SIGKILL. */
  public Duration grace() {
    Optional<String> seconds = value(PodContract.ENV_GRACE_SECONDS);
    if (seconds.isEmpty()) {
      return DEFAULT_GRACE;
    }
    try {
      return Duration.ofSeconds(Math.max(0, Long.parseLong(seconds.get())));
    } catch (NumberFormatException e) {
      throw new PermanentError(
          PermanentError.INVALID_CONFIGURATION,
          PodContract.ENV_GRACE_SECONDS + " is not a whole number of seconds");
    }
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
