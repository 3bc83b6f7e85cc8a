package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stays in the status of a closed cohort with failures when {@code status.cohorts} has no room
 * for it: enough to run it again and to correct the totals then.
 *
 * @param number number of the cohort
 * @param attempt the attempt that last ran it
 */
public record OlderFailure(int number, int attempt, int failed, int skipped, int alreadyCurrent) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,6})\\.(\\d{1,9})f(\\d{1,6})(?:s(\\d{1,6}))?(?:c(\\d{1,6}))?");

  public static OlderFailure of(Cohort cohort) {
    return new OlderFailure(
        cohort.number(),
        cohort.attempt(),
        cohort.failed(),
        cohort.skipped(),
        cohort.alreadyCurrent());
  }

  /** Reads {@link #format}; null gives none. */
  public static List<OlderFailure> parse(String text) {
    List<OlderFailure> found = new ArrayList<>();
    Matcher entry = FORM.matcher(text == null ? "" : text);
    while (entry.find()) {
      found.add(
          new OlderFailure(
              number(entry.group(1)),
              number(entry.group(2)),
              number(entry.group(3)),
              number(entry.group(4)),
              number(entry.group(5))));
    }
    return List.copyOf(found);
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** Such as {@code 7.1f3s2c90 8.1f1}; null for none. */
  public static String format(List<OlderFailure> failures) {
    return failures.isEmpty()
        ? null
        : failures.stream().map(OlderFailure::text).collect(Collectors.joining(" "));
  }

  private String text() {
    return "%d.%df%d%s%s"
        .formatted(number, attempt, failed, part("s", skipped), part("c", alreadyCurrent));
  }

  private static String part(String letter, int count) {
    return count == 0 ? "" : letter + count;
  }

  /** Migrated tenants of a closed cohort of this size. */
  public int succeeded(int size) {
    return size - failed - skipped - alreadyCurrent;
  }
}
