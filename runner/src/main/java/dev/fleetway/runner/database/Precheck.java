package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.internal.util.AbbreviationUtils;

/**
 * Compares a history with the bundle, the way Flyway's validation does, but with one reason per
 * kind of difference and without the text that Flyway prints. Pure.
 */
final class Precheck {
  /** What a history means for this run. */
  sealed interface Verdict {
    /** Nothing to do; the reason is null, or says how the database is ahead. */
    record Current(TenantReason reason, String message) implements Verdict {}

    /** These versions are to be applied. */
    record Pending(List<MigrationVersion> versions) implements Verdict {}

    /** The history forbids a migration. */
    record Refused(TenantFailure failure, MigrationVersion version) implements Verdict {}
  }

  private static final String SCRIPT_TYPE = "SQL";
  private static final Pattern TYPE = Pattern.compile("[A-Z_]{1,20}");

  private final Bundle bundle;
  private final MigrationVersion head;

  Precheck(Bundle bundle, MigrationVersion head) {
    this.bundle = bundle;
    this.head = head;
  }

  Verdict check(History history) {
    return refusals(history).stream()
        .findFirst()
        .<Verdict>map(refused -> refused)
        .orElseGet(() -> standing(history));
  }

  /** All that forbids a migration; the first of them is what {@link #check} says. */
  List<Verdict.Refused> refusals(History history) {
    List<Verdict.Refused> refusals = new ArrayList<>();
    for (History.Entry entry : history.entries()) {
      if (!entry.success()) {
        refusals.add(
            refused(
                TenantReason.FailedMigrationEntry,
                entry.version(),
                "the history holds a failed entry for " + label(entry)));
      }
    }
    for (History.Entry entry : history.entries()) {
      if (entry.success() && entry.version() == null && !entry.type().equals("SCHEMA")) {
        refusals.add(
            refused(
                TenantReason.MissingScript,
                null,
                "a repeatable script is applied that the bundle does not contain"));
      }
    }
    for (Map.Entry<MigrationVersion, History.Entry> applied : history.applied().entrySet()) {
      if (!applied.getValue().isBaseline()) {
        compare(applied.getKey(), applied.getValue()).ifPresent(refusals::add);
      }
    }
    refusals.addAll(outOfOrder(history));
    return refusals;
  }

  private Optional<Verdict.Refused> compare(MigrationVersion version, History.Entry entry) {
    if (!entry.type().equals(SCRIPT_TYPE)) {
      // No bundle can hold what was applied: neither a script of this version nor a newer bundle is
      // the same thing.
      return Optional.of(
          refused(
              TenantReason.MissingScript,
              version,
              "version "
                  + version
                  + " was applied as "
                  + typeName(entry)
                  + ", and a bundle holds only "
                  + SCRIPT_TYPE
                  + " scripts"));
    }
    Optional<Script> script = bundle.find(version);
    if (script.isEmpty()) {
      return version.compareTo(bundle.newest()) > 0
          ? Optional.empty()
          : Optional.of(
              refused(
                  TenantReason.MissingScript,
                  version,
                  "version " + version + " is applied, but the bundle does not contain it"));
    }
    if (entry.checksum() != null && entry.checksum() != script.get().checksum()) {
      return Optional.of(
          refused(
              TenantReason.ChecksumMismatch,
              version,
              "version "
                  + version
                  + " was applied with checksum "
                  + entry.checksum()
                  + ", the bundle's script has "
                  + script.get().checksum()));
    }
    String description = AbbreviationUtils.abbreviateDescription(script.get().description());
    if (!entry.description().equals(description)) {
      return Optional.of(
          refused(
              TenantReason.ChecksumMismatch,
              version,
              "version " + version + " was applied from a script with another name"));
    }
    return Optional.empty();
  }

  /** The versions that a migration would apply, lowest first. */
  List<MigrationVersion> pending(History history) {
    Optional<MigrationVersion> baseline = history.baseline();
    Map<MigrationVersion, History.Entry> applied = history.applied();
    return bundle.scripts().stream()
        .map(Script::version)
        .filter(version -> version.compareTo(head) <= 0)
        .filter(version -> !applied.containsKey(version))
        .filter(version -> baseline.isEmpty() || version.compareTo(baseline.get()) > 0)
        .toList();
  }

  private List<Verdict.Refused> outOfOrder(History history) {
    Optional<MigrationVersion> current = history.current();
    return pending(history).stream()
        .filter(version -> current.isPresent() && version.compareTo(current.get()) < 0)
        .map(
            version ->
                refused(
                    TenantReason.OutOfOrder,
                    version,
                    "version "
                        + version
                        + " is not applied, but the higher "
                        + current.get()
                        + " is"))
        .toList();
  }

  private Verdict standing(History history) {
    List<MigrationVersion> pending = pending(history);
    if (!pending.isEmpty()) {
      return new Verdict.Pending(pending);
    }
    Optional<MigrationVersion> current = history.current();
    if (current.isPresent() && current.get().compareTo(bundle.newest()) > 0) {
      return new Verdict.Current(
          TenantReason.AheadOfBundle,
          "the database is at " + current.get() + ", the bundle ends at " + bundle.newest());
    }
    if (current.isPresent() && current.get().compareTo(head) > 0) {
      return new Verdict.Current(
          TenantReason.AheadOfTarget,
          "the database is at " + current.get() + ", the target is " + head);
    }
    return new Verdict.Current(null, null);
  }

  /** The type, as far as it is a word of Flyway's and not just any text in the table. */
  private static String typeName(History.Entry entry) {
    return TYPE.matcher(entry.type()).matches() ? entry.type() : "an unknown type";
  }

  private static String label(History.Entry entry) {
    return entry.version() == null ? "a repeatable script" : "version " + entry.version();
  }

  private static Verdict.Refused refused(
      TenantReason reason, MigrationVersion version, String message) {
    return new Verdict.Refused(new TenantFailure(reason, message), version);
  }
}
