package dev.fleetway.runner.database.history;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Script;
import dev.fleetway.runner.bundle.TenantScripts;
import dev.fleetway.runner.database.failure.TenantFailure;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;

/** Says what a history means for a run: nothing to do, something pending, or a refusal. Pure. */
public final class Precheck {
  /** What a history means for this run. */
  public sealed interface Verdict {
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
      public List<String> names() {
        return Stream.concat(
                versions.stream().map(MigrationVersion::getVersion), repeatables.stream())
            .toList();
      }
    }

    /** The history forbids a migration. */
    record Refused(TenantFailure failure, MigrationVersion version) implements Verdict {}
  }

  private final Bundle bundle;
  private final MigrationRules rules;
  private final HistoryDifferences differences;

  public Precheck(Bundle bundle, MigrationRules rules) {
    this.bundle = bundle;
    this.rules = rules;
    this.differences = new HistoryDifferences(bundle, rules);
  }

  /** The verdict; what {@link #realignments} names does not count as a difference. */
  public Verdict check(History history, TenantScripts scripts) {
    return refusals(history).stream()
        .findFirst()
        .<Verdict>map(refused -> refused)
        .orElseGet(() -> standing(history, scripts));
  }

  /** All that forbids a migration; the first of them is what {@link #check} says. */
  public List<Verdict.Refused> refusals(History history) {
    return differences.refusals(history, pendingVersions(history));
  }

  /** What a migration would apply, whether or not it is allowed to. */
  public Verdict.Pending pending(History history, TenantScripts scripts) {
    return new Verdict.Pending(pendingVersions(history), pendingRepeatables(history, scripts));
  }

  /** The rows whose checksum the run accepts as that of the bundle's edited script. */
  public List<Realignment> realignments(History history) {
    return history.applied().values().stream()
        .filter(differences::mayBeRealigned)
        .flatMap(
            entry ->
                bundle
                    .find(entry.version())
                    .filter(script -> HistoryDifferences.differs(entry, script))
                    .map(
                        script ->
                            new Realignment(
                                entry.rank(), entry.version(), entry.checksum(), script.checksum()))
                    .stream())
        .toList();
  }

  private Verdict standing(History history, TenantScripts scripts) {
    Verdict.Pending pending = pending(history, scripts);
    return pending.isEmpty() && !history.isUnadopted() ? ahead(history.current()) : pending;
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
              History.Entry last = applied.get(HistoryDifferences.description(script));
              return last == null || !Objects.equals(last.checksum(), scripts.checksum(script));
            })
        .map(Script::description)
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
}
