package dev.fleetway.cli.run;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as the resources have them, such as {@code 90s}, {@code 2m} or {@code 1h30m}. */
final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw new TypeConversionException("'" + text + "' is no duration such as 90s, 2m or 1h30m");
  }
}
