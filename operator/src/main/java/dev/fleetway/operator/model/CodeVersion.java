package dev.fleetway.operator.model;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of application code, ordered as https://semver.org/#spec-item-11 says; what follows a
 * plus sign is build metadata and does not count.
 *
 * @param core major, minor, patch
 * @param preRelease the identifiers after the hyphen; empty for a release, which is higher
 */
public record CodeVersion(List<BigInteger> core, List<String> preRelease)
    implements Comparable<CodeVersion> {
  private static final Pattern FORM =
      Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  public CodeVersion {
    core = List.copyOf(core);
    preRelease = List.copyOf(preRelease);
  }

  /** Reads it; empty when it is no semantic version. */
  public static Optional<CodeVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String preRelease = matcher.group(4);
    return Optional.of(
        new CodeVersion(
            List.of(
                new BigInteger(matcher.group(1)),
                new BigInteger(matcher.group(2)),
                new BigInteger(matcher.group(3))),
            preRelease == null ? List.of() : List.of(preRelease.split("\\.", -1))));
  }

  @Override
  public int compareTo(CodeVersion other) {
    int byCore = compare(core, other.core, Comparator.naturalOrder());
    if (byCore != 0) {
      return byCore;
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
    }
    return compare(preRelease, other.preRelease, CodeVersion::compareIdentifiers);
  }

  /** Item by item; of two that agree as far as they go the longer one is higher. */
  private static <T> int compare(List<T> left, List<T> right, Comparator<T> byItem) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int byThis = byItem.compare(left.get(i), right.get(i));
      if (byThis != 0) {
        return byThis;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  /** Numbers by value, and below words; words by their characters. */
  private static int compareIdentifiers(String left, String right) {
    boolean leftIsNumber = NUMBER.matcher(left).matches();
    boolean rightIsNumber = NUMBER.matcher(right).matches();
    if (leftIsNumber && rightIsNumber) {
      return new BigInteger(left).compareTo(new BigInteger(right));
    }
    return leftIsNumber == rightIsNumber
        ? left.compareTo(right)
        : Boolean.compare(rightIsNumber, leftIsNumber);
  }
}
