package dev.fleetway.runner.database.history;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.flywaydb.core.api.MigrationVersion;

/**
 * The rows of {@code flyway_schema_history}, oldest first. Empty also when there is no table.
 *
 * @param entries the rows
 * @param isUnadopted there is no table, but the schema holds objects
 */
public record History(List<Entry> entries, boolean isUnadopted) {
  /** Nothing was ever applied. */
  public static final History EMPTY = new History(List.of());

  /** Somebody else's schema. */
  public static final History UNADOPTED = new History(List.of(), true);

  public History {
    entries = List.copyOf(entries);
  }

  History(List<Entry> entries) {
    this(entries, false);
  }

  /**
   * One row.
   *
   * @param rank order of application
   * @param version null for repeatable scripts and for Flyway's schema marker
   * @param description words of the file name, abbreviated by Flyway to 200 characters
   * @param type Flyway's type, such as SQL, BASELINE, SCHEMA or DELETE
   * @param checksum null where Flyway computed none
   * @param millis execution time
   * @param success false for a failed script that ran outside a transaction
   */
  public record Entry(
      int rank,
      MigrationVersion version,
      String description,
      String type,
      Integer checksum,
      long millis,
      boolean success) {
    /** What Flyway writes for a script, versioned or repeatable. */
    boolean isScript() {
      return type.equals("SQL");
    }

    boolean isBaseline() {
      return type.contains("BASELINE");
    }
  }

  /** Versions that count as applied, lowest first: deleted and undone ones do not. */
  public Map<MigrationVersion, Entry> applied() {
    Map<MigrationVersion, Entry> applied = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry.version() == null) {
        continue;
      }
      if (entry.type().equals("DELETE") || entry.type().startsWith("UNDO")) {
        applied.remove(entry.version());
      } else if (entry.success()) {
        applied.put(entry.version(), entry);
      }
    }
    return applied;
  }

  /** The last run of each repeatable script that counts as applied, by description. */
  Map<String, Entry> repeatables() {
    Map<String, Entry> last = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry.version() != null || entry.type().equals("SCHEMA")) {
        continue;
      }
      if (entry.type().equals("DELETE")) {
        last.remove(entry.description());
      } else if (entry.success()) {
        last.put(entry.description(), entry);
      }
    }
    return last;
  }

  public Set<MigrationVersion> appliedVersions() {
    return Set.copyOf(applied().keySet());
  }

  /** The highest applied version. */
  public Optional<MigrationVersion> current() {
    return applied().keySet().stream().max(Comparator.naturalOrder());
  }

  public Optional<Entry> firstFailed() {
    return entries.stream().filter(entry -> !entry.success()).findFirst();
  }

  /** The same history after its failed entries were cleared away, whose ranks are given anew. */
  public History withoutFailed() {
    return new History(entries.stream().filter(Entry::success).toList(), isUnadopted);
  }

  /** The version up to which nothing is applied because the schema was adopted. */
  Optional<MigrationVersion> baseline() {
    return applied().values().stream()
        .filter(Entry::isBaseline)
        .map(Entry::version)
        .max(Comparator.naturalOrder());
  }

  /** The scripts that were applied after an older reading of the same history. */
  public List<Entry> since(History older) {
    int lastRank = older.entries.stream().mapToInt(Entry::rank).max().orElse(Integer.MIN_VALUE);
    return entries.stream()
        .filter(entry -> entry.rank() > lastRank && entry.success() && entry.isScript())
        .toList();
  }
}
