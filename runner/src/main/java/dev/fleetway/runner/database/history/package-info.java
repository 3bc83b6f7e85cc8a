/**
 * What the history table says. {@code HistoryReader} reads it in one round trip, together with the
 * session's settings; {@code Precheck} (pure) decides by the {@code MigrationRules} whether
 * anything is pending, and {@code HistoryDifferences} (pure) what forbids it. {@code Realignment}
 * corrects the checksums that the run accepts, and nothing else.
 */
package dev.fleetway.runner.database.history;
