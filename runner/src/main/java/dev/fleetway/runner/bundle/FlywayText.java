package dev.fleetway.runner.bundle;

import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.resolver.ChecksumCalculator;
import org.flywaydb.core.internal.sqlscript.ParserSqlScript;

/**
 * What Flyway makes of a script's text, by Flyway's own code, before any database is reached. The
 * classes are internal to Flyway: an integration test compares with what it writes to a history.
 */
final class FlywayText {
  private FlywayText() {}

  static int checksum(String fileName, String sql) {
    return ChecksumCalculator.calculate(new TextResource(fileName, sql));
  }

  /**
   * The statements of the script.
   *
   * @param text what is executed: the script's, or what placeholders made of it
   * @throws FlywayException when Flyway cannot read it, or would refuse it in every tenant
   */
  static ParsedScript parse(Script script, String text) {
    TextResource conf =
        script
            .executeInTransaction()
            .map(
                value ->
                    new TextResource(script.fileName() + ".conf", "executeInTransaction=" + value))
            .orElse(null);
    ParserSqlScript parsed =
        new ParserSqlScript(
            new BundleSqlParser(),
            new TextResource(script.fileName(), text),
            conf,
            // A mix is told by BundleInspection and BundleParser, with better words and all lines.
            true);
    parsed.validate();
    return new ParsedScript(parsed);
  }
}
