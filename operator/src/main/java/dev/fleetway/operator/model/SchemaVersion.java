package dev.fleetway.operator.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Version of a migration, ordered as Flyway orders it: numeric parts, divided by dots or
 * underscores; zeros at the end do not count, so that 1.0 is 1.
 *
 * @param parts without zeros at the end
 */
public record SchemaVersion(List<BigInteger> parts) implements Comparable<SchemaVersion> {
  private static final Pattern FORM = Pattern.compile("\\d+([._]\\d+)*");
  private static final Pattern DIVIDER = Pattern.compile("[._]");

  public SchemaVersion {
    parts = List.copyOf(parts);
  }

  /** Reads it; empty when it is no version of a migration. */
  public static Optional<SchemaVersion> parse(String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    List<BigInteger> parts =
        new ArrayList<>(Arrays.stream(DIVIDER.split(text)).map(BigInteger::new).toList());
    while (parts.size() > 1 && parts.get(parts.size() - 1).signum() == 0) {
      parts.remove(parts.size() - 1);
    }
    return Optional.of(new SchemaVersion(parts));
  }

  @Override
  public int compareTo(SchemaVersion other) {
    for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
      int byPart = part(i).compareTo(other.part(i));
      if (byPart != 0) {
        return byPart;
      }
    }
    return 0;
  }

  private BigInteger part(int index) {
    return index < parts.size() ? parts.get(index) : BigInteger.ZERO;
  }
}
