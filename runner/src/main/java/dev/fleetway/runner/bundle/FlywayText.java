package dev.fleetway.runner.bundle;

import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.resolver.ChecksumCalculator;
import org.flywaydb.core.internal.sqlscript.ParserSqlScript;
import org.flywaydb.database.postgresql.PostgreSQLParser;

/**
 * What Flyway makes of a script's text, by Flyway's own code, before any database is reached. The
 * classes are internal to Flyway: an integration test compares with what it writes to a history.
 */
final class FlywayText {
  private FlywayText() {}

  static int checksum(String fileName, String sql) {
    return ChecksumCalculator.calculate(BundleResources.resource(fileName, sql));
  }

  /** Why Flyway would refuse the script in every tenant; empty when it would not. */
  static Optional<String> problem(Script script) {
    LoadableResource conf = BundleResources.conf(script).orElse(null);
    PostgreSQLParser parser =
        new PostgreSQLParser(
            new FluentConfiguration().placeholderReplacement(false), new ParsingContext());
    try {
      boolean unused =
          new ParserSqlScript(
                  parser, BundleResources.resource(script.fileName(), script.sql()), conf, false)
              .executeInTransaction();
      return Optional.empty();
    } catch (FlywayException e) {
      return Optional.of(firstLine(e.getMessage()));
    }
  }

  private static String firstLine(String message) {
    return message == null ? "cannot be parsed" : message.lines().findFirst().orElse("").strip();
  }
}
