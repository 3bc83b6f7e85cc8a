package dev.fleetway.runner.database.history;

/** The advisory lock by which Flyway lets one session at a time migrate a history table. */
public final class FlywayLock {
  private static final long FLYWAY = 77_431_708_279_161L;

  private FlywayLock() {}

  /** Flyway's key for this schema's history table; its code for it is not public. */
  public static long key(String schema) {
    return FLYWAY + (quoted(schema) + "." + quoted(HistoryReader.TABLE)).hashCode();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
