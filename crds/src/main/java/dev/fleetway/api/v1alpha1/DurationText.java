package dev.fleetway.api.v1alpha1;

import java.time.Duration;
import java.util.Locale;

/** How a duration is written: {@code 90s}, {@code 2m}, {@code 1h30m}; the largest unit first. */
final class DurationText {
  static final String PATTERN =
      "^([0-9]{1,4}h([0-9]{1,4}m)?([0-9]{1,5}s)?|[0-9]{1,4}m([0-9]{1,5}s)?|[0-9]{1,5}s)$";

  private DurationText() {}

  static Duration parse(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }
}
