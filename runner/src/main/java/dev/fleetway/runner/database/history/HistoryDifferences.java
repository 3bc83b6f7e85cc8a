package dev.fleetway.runner.database.history;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Script;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.history.Precheck.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.internal.util.AbbreviationUtils;

/**
 * Compares a history with the bundle, the way Flyway's validation does, but with one reason per
 * kind of difference and without the text that Flyway prints. Pure.
 */
final class HistoryDifferences {
  private static final String SCRIPT_TYPE = "SQL";
  private static final Pattern TYPE = Pattern.compile("[A-Z_]{1,20}");

  private final Bundle bundle;
  private final MigrationRules rules;

  HistoryDifferences(Bundle bundle, MigrationRules rules) {
    this.bundle = bundle;
    this.rules = rules;
  }

  /**
   * All that forbids a migration.
   *
   * @param pending the versions that it would apply
   */
  List<Verdict.Refused> refusals(History history, List<MigrationVersion> pending) {
    if (history.isUnadopted() && rules.baseline().isEmpty()) {
      return List.of(
          refused(
              TenantReason.HistoryMissing,
              null,
              "the schema is not empty and has no table " + HistoryReader.TABLE));
    }
    List<Verdict.Refused> refusals = new ArrayList<>();
    refusals.addAll(failedEntries(history));
    refusals.addAll(missingRepeatables(history));
    history.applied().values().stream()
        .filter(entry -> !entry.isBaseline())
        .flatMap(entry -> compare(entry.version(), entry).stream())
        .forEach(refusals::add);
    refusals.addAll(outOfOrder(history, pending));
    refusals.addAll(incompatible(pending));
    return refusals;
  }

  private static List<Verdict.Refused> failedEntries(History history) {
    return history.entries().stream()
        .filter(entry -> !entry.success())
        .map(
            entry ->
                refused(
                    TenantReason.FailedMigrationEntry,
                    entry.version(),
                    "the history holds a failed entry for " + label(entry)))
        .toList();
  }

  /** One for all of them: their names are text from the table. */
  private List<Verdict.Refused> missingRepeatables(History history) {
    Set<String> known =
        bundle.repeatables().stream()
            .map(HistoryDifferences::description)
            .collect(Collectors.toSet());
    return known.containsAll(history.repeatables().keySet())
        ? List.of()
        : List.of(
            refused(
                TenantReason.MissingScript,
                null,
                "a repeatable script is applied that the bundle does not contain"));
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
    if (differs(entry, script.get()) && !mayBeRealigned(entry)) {
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
    if (!entry.description().equals(description(script.get()))) {
      return Optional.of(
          refused(
              TenantReason.ChecksumMismatch,
              version,
              "version " + version + " was applied from a script with another name"));
    }
    return Optional.empty();
  }

  private List<Verdict.Refused> outOfOrder(History history, List<MigrationVersion> pending) {
    Optional<MigrationVersion> current = history.current();
    if (rules.outOfOrder() || current.isEmpty()) {
      return List.of();
    }
    return pending.stream()
        .filter(version -> version.compareTo(current.get()) < 0)
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

  /** The pending scripts for which the application that is running is too old. */
  private List<Verdict.Refused> incompatible(List<MigrationVersion> pending) {
    return pending.stream()
        .flatMap(version -> bundle.find(version).stream())
        .filter(
            script ->
                script.minCompatibleCodeVersion().filter(floor -> !rules.admits(floor)).isPresent())
        .map(
            script ->
                refused(
                    TenantReason.IncompatibleCodeVersion,
                    script.version(),
                    "version "
                        + script.version()
                        + " needs application code "
                        + script.minCompatibleCodeVersion().orElseThrow().getVersion()
                        + " or newer, and compatibility.codeVersion is "
                        + rules.codeVersion().orElseThrow().getVersion()))
        .toList();
  }

  /** The run accepts the edited script of this row. */
  boolean mayBeRealigned(History.Entry entry) {
    return entry.isScript() && rules.realign().contains(entry.version());
  }

  static boolean differs(History.Entry entry, Script script) {
    return entry.checksum() != null && entry.checksum() != script.checksum();
  }

  /** As Flyway writes it. */
  static String description(Script script) {
    return AbbreviationUtils.abbreviateDescription(script.description());
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
