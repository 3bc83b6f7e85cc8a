package dev.fleetway.cli.migration;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;

/** The version after those that a directory has, in their manner. Pure. */
final class NextVersion {
  /** How versions are numbered. */
  enum Manner {
    SEQUENCE,
    TIMESTAMP;

    /** As it is typed. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern SCRIPT = Pattern.compile("V([0-9]+(?:[._][0-9]+)*)__.*\\.sql");
  private static final Pattern LAST_NUMBER = Pattern.compile("(.*?)([0-9]+)");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuuMMddHHmm", Locale.ROOT);

  private NextVersion() {}

  /**
   * The next one.
   *
   * @param fileNames of the scripts that are there; other files do not count
   * @param wanted empty: as the newest version is numbered, a sequence where there is none
   * @param now for timestamps, which are in UTC
   */
  static String after(Collection<String> fileNames, Optional<Manner> wanted, Instant now) {
    Optional<String> newest = newest(fileNames);
    Optional<DateTimeFormatter> format = newest.flatMap(NextVersion::format);
    Manner manner = wanted.orElse(format.isPresent() ? Manner.TIMESTAMP : Manner.SEQUENCE);
    if (manner == Manner.SEQUENCE) {
      return newest.map(NextVersion::increment).orElse("1");
    }
    String stamp = format.orElse(SECONDS).format(now.atOffset(ZoneOffset.UTC));
    return newest.isEmpty() || isNewer(stamp, newest.get()) ? stamp : increment(newest.get());
  }

  private static Optional<String> newest(Collection<String> fileNames) {
    return fileNames.stream()
        .map(SCRIPT::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .max(Comparator.comparing(MigrationVersion::fromVersion));
  }

  private static boolean isNewer(String version, String than) {
    return MigrationVersion.fromVersion(version).compareTo(MigrationVersion.fromVersion(than)) > 0;
  }

  /** How a version is a time; empty when it is none. */
  private static Optional<DateTimeFormatter> format(String version) {
    for (DateTimeFormatter format : List.of(SECONDS, MINUTES)) {
      try {
        LocalDateTime unused = LocalDateTime.parse(version, format);
        return Optional.of(format);
      } catch (DateTimeException e) {
        // then perhaps the other one
      }
    }
    return Optional.empty();
  }

  /** One more in its last part, as wide as it was. */
  private static String increment(String version) {
    Matcher matcher = LAST_NUMBER.matcher(version);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no version: " + version);
    }
    String number = new BigInteger(matcher.group(2)).add(BigInteger.ONE).toString();
    int width = matcher.group(2).length();
    return matcher.group(1) + "0".repeat(Math.max(0, width - number.length())) + number;
  }
}
