package dev.fleetway.runner.bundle;

import java.util.List;
import java.util.regex.Pattern;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.parser.Token;
import org.flywaydb.database.postgresql.PostgreSQLParser;

/**
 * Flyway's parser as it works on a supported server, before there is one: without a server Flyway
 * assumes a version so old that it cannot add a value to an enum in a transaction. It also knows
 * what Flyway does not, and what would fail in every tenant: REINDEX and DETACH PARTITION
 * CONCURRENTLY.
 */
final class BundleSqlParser extends PostgreSQLParser {
  private static final Pattern ADD_VALUE = Pattern.compile("^ALTER TYPE( .*)? ADD VALUE.*");
  private static final Pattern CONCURRENTLY =
      Pattern.compile(
          "^(REINDEX( .*)? CONCURRENTLY|ALTER TABLE( .*)? DETACH PARTITION( .*)? CONCURRENTLY)$");

  BundleSqlParser() {
    super(new FluentConfiguration().placeholderReplacement(false), new ParsingContext());
  }

  @Override
  protected Boolean detectCanExecuteInTransaction(String statement, List<Token> keywords) {
    if (ADD_VALUE.matcher(statement).matches()) {
      return null;
    }
    return CONCURRENTLY.matcher(statement).matches()
        ? Boolean.FALSE
        : super.detectCanExecuteInTransaction(statement, keywords);
  }
}
