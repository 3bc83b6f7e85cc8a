package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Script;
import dev.fleetway.runner.bundle.TenantScripts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /**
     * Something is to be done.
     *
     * @param versions to be applied, lowest first; none when a schema is only adopted
     * @param repeatables descriptions of the repeatable scripts to be run after them
     */
    record Pending(List<MigrationVersion> versions, List<String> repeatables) implements Verdict {
      Pending(List<MigrationVersion> versions) {
        this(versions, List.of());
      }

      /** Nothing is to be applied. */
      boolean isEmpty() {
        return versions.isEmpty() && repeatables.isEmpty();
      }

      /** What is to be applied, in that order: versions, then repeatable scripts by description. */
      List<String> names() {
        return Stream.concat(
                versions.stream().map(MigrationVersion::getVersion), repeatables.stream())
            .toList();
      }
    }

    /** The history forbids a migration. */
    record Refused(TenantFailure failure, MigrationVersion version) implements Verdict {}
  }

  private static final String SCRIPT_TYPE = "SQL";
  private static final Pattern TYPE = Pattern.compile("[A-Z_]{1,20}");

  private final Bundle bundle;
  private final MigrationRules rules;

  Precheck(Bundle bundle, MigrationRules rules) {
    this.bundle = bundle;
    this.rules = rules;
  }

  /** The verdict; what {@link #realignments} names does not count as a difference. */
  Verdict check(History history, TenantScripts scripts) {
    return refusals(history).stream()
        .findFirst()
        .<Verdict>map(refused -> refused)
        .orElseGet(() -> standing(history, scripts));
  }

  /** All that forbids a migration; the first of them is what {@link #check} says. */
  List<Verdict.Refused> refusals(History history) {
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
    List<MigrationVersion> pending = pendingVersions(history);
    refusals.addAll(outOfOrder(history, pending));
    refusals.addAll(incompatible(pending));
    return refusals;
  }

  /** What a migration would apply, whether or not it is allowed to. */
  Verdict.Pending pending(History history, TenantScripts scripts) {
    return new Verdict.Pending(pendingVersions(history), pendingRepeatables(history, scripts));
  }

  /** The rows whose checksum the run accepts as that of the bundle's edited script. */
  List<Realignment> realignments(History history) {
    return history.applied().values().stream()
        .filter(this::mayBeRealigned)
        .flatMap(
            entry ->
                bundle
                    .find(entry.version())
                    .filter(script -> differs(entry, script))
                    .map(
                        script ->
                            new Realignment(
                                entry.rank(), entry.version(), entry.checksum(), script.checksum()))
                    .stream())
        .toList();
  }

  private boolean mayBeRealigned(History.Entry entry) {
    return entry.isScript() && rules.realign().contains(entry.version());
  }

  private static boolean differs(History.Entry entry, Script script) {
    return entry.checksum() != null && entry.checksum() != script.checksum();
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
        bundle.repeatables().stream().map(Precheck::description).collect(Collectors.toSet());
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

  private Verdict standing(History history, TenantScripts scripts) {
    Verdict.Pending pending = pending(history, scripts);
    return pending.isEmpty() && !history.isUnadopted() ? ahead(history.current()) : pending;
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

  private List<MigrationVersion> pendingVersions(History history) {
    Optional<MigrationVersion> baseline =
        history.isUnadopted() ? rules.baseline() : history.baseline();
    Map<MigrationVersion, History.Entry> applied = history.applied();
    return bundle.scripts().stream()
        .map(Script::version)
        .filter(version -> version.compareTo(rules.head()) <= 0)
        .filter(version -> !applied.containsKey(version))
        .filter(version -> baseline.isEmpty() || version.compareTo(baseline.get()) > 0)
        .toList();
  }

  private List<String> pendingRepeatables(History history, TenantScripts scripts) {
    Map<String, History.Entry> applied = history.repeatables();
    return bundle.repeatables().stream()
        .filter(
            script -> {
              History.Entry last = applied.get(description(script));
              return last == null || !Objects.equals(last.checksum(), scripts.checksum(script));
            })
        .map(Script::description)
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

  private Verdict ahead(Optional<MigrationVersion> current) {
    if (current.isPresent() && current.get().compareTo(bundle.newest()) > 0) {
      return new Verdict.Current(
          TenantReason.AheadOfBundle,
          "the database is at " + current.get() + ", the bundle ends at " + bundle.newest());
    }
    if (current.isPresent() && current.get().compareTo(rules.head()) > 0) {
      return new Verdict.Current(
          TenantReason.AheadOfTarget,
          "the database is at " + current.get() + ", the target is " + rules.head());
    }
    return new Verdict.Current(null, null);
  }

  /** As Flyway writes it. */
  private static String description(Script script) {
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
