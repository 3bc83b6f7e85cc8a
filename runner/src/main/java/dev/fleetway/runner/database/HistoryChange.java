package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantStatus.AppliedMigration;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.database.history.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/** What became of a tenant's history, over every try, and so what is reported of it. */
final class HistoryChange {
  private static final int LISTED = 20;

  /** Before the first try that came so far; what was cleared away since is not in it. */
  private History before;

  private History after;

  /** In all tries: a correction is committed at once. */
  private final List<MigrationVersion> realigned = new ArrayList<>();

  /** From here on nobody knows what the history holds, until it is read again. */
  void begin() {
    after = null;
  }

  /** So it is before anything is applied. */
  void found(History history) {
    before = before == null ? history : before;
    after = history;
  }

  /** Failed entries were cleared away. */
  void cleared(History history) {
    before = before == null ? history : before.withoutFailed();
    after = history;
  }

  void realigned(MigrationVersion version) {
    realigned.add(version);
  }

  /** So it is at the end. */
  void ended(History history) {
    after = history;
  }

  /** It was known, and is to be read once more. */
  boolean isUnknown() {
    return before != null && after == null;
  }

  String fromVersion() {
    return before == null ? null : before.current().map(MigrationVersion::getVersion).orElse(null);
  }

  /** What was applied, oldest first, the newest 20. */
  List<AppliedMigration> applied() {
    if (after == null || before == null) {
      return List.of();
    }
    List<History.Entry> applied = after.since(before);
    return applied.stream()
        .skip(Math.max(0, applied.size() - LISTED))
        .map(HistoryChange::migration)
        .toList();
  }

  private static AppliedMigration migration(History.Entry entry) {
    return new AppliedMigration(
        entry.version() == null ? entry.description() : entry.version().getVersion(),
        entry.millis());
  }

  /** Versions whose checksum was corrected, at most 20. */
  List<String> realigned() {
    return realigned.stream().map(MigrationVersion::getVersion).limit(LISTED).toList();
  }

  /** Where the schema stands; empty when that is not known. */
  Optional<TenantResult.SchemaState> state(Bundle bundle) {
    return Optional.ofNullable(after)
        .map(
            history ->
                new TenantResult.SchemaState(
                    history.current().map(MigrationVersion::getVersion).orElse(null),
                    bundle
                        .minCompatibleCodeVersion(history.appliedVersions())
                        .map(Semver::getVersion)
                        .orElse(null),
                    before.applied().isEmpty()));
  }
}
