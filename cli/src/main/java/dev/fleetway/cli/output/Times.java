package dev.fleetway.cli.output;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Times as people read them. */
public final class Times {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss z", Locale.ROOT);
  private static final int MANY = 2;

  private Times() {}

  /** With the zone, such as {@code 2026-11-21 19:04:11 CET}. */
  public static String local(Instant time, ZoneId zone) {
    return LOCAL.format(time.truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }

  /** A time of a status field; empty for null and for what is no time. */
  public static Optional<Instant> parse(String rfc3339) {
    if (rfc3339 == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(rfc3339));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The two largest units, such as {@code 3d4h}, {@code 2m5s} or {@code 0s}. */
  public static String duration(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    long[] sizes = {86_400, 3_600, 60, 1};
    String[] units = {"d", "h", "m", "s"};
    StringBuilder text = new StringBuilder();
    int written = 0;
    for (int i = 0; i < sizes.length && written < MANY; i++) {
      long count = seconds / sizes[i];
      seconds %= sizes[i];
      if (count > 0) {
        text.append(count).append(units[i]);
        written++;
      } else if (written > 0) {
        break;
      }
    }
    return text.isEmpty() ? "0s" : text.toString();
  }

  /** How long ago that was, such as {@code 9m}. */
  public static String age(Instant time, Instant now) {
    return duration(Duration.between(time, now));
  }
}
