package dev.fleetway.runner.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.internal.sqlscript.SqlScript;
import org.flywaydb.core.internal.sqlscript.SqlStatement;
import org.flywaydb.core.internal.sqlscript.SqlStatementIterator;

/**
 * A script as Flyway executes it. It is parsed when it is made and never changes afterwards: any
 * number of tenants use it at once.
 */
public final class ParsedScript {
  private final SqlScript script;
  private final List<Statement> statements = new ArrayList<>();

  ParsedScript(SqlScript script) {
    this.script = script;
    try (SqlStatementIterator parsed = script.getSqlStatements()) {
      for (SqlStatement statement = parsed.next(); statement != null; statement = parsed.next()) {
        statements.add(
            new Statement(
                statement.getLineNumber(),
                statement.getSql(),
                statement.canExecuteInTransaction()));
      }
    }
  }

  /** In Flyway's form. */
  public SqlScript forFlyway() {
    return script;
  }

  /** Script and history row are one transaction; false for CONCURRENTLY and its like. */
  public boolean executeInTransaction() {
    return script.executeInTransaction();
  }

  List<Statement> statements() {
    return List.copyOf(statements);
  }

  /**
   * One statement.
   *
   * @param line where it begins, from 1
   * @param transactional the server accepts it inside a transaction
   */
  record Statement(int line, String sql, boolean transactional) {
    private static final Pattern COMMENT =
        Pattern.compile("\\A(?:\\s+|--[^\\n]*(?:\\n|\\z)|/\\*.*?\\*/)", Pattern.DOTALL);
    private static final Pattern TRANSACTION =
        Pattern.compile(
            "\\A(?:BEGIN|START\\s+TRANSACTION|COMMIT|END|ABORT|PREPARE\\s+TRANSACTION"
                + "|ROLLBACK(?!\\s+(?:WORK\\s+|TRANSACTION\\s+)?TO\\b))\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern INDEX_BUILT_TWICE =
        Pattern.compile(
            "\\ACREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY\\s+(?!IF\\s+NOT\\s+EXISTS\\b)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern WORDS = Pattern.compile("\\A\\w+(?:\\s+\\w+){0,3}");

    /** COMMIT and its like, which end the transaction that script and history row share. */
    boolean controlsTheTransaction() {
      return TRANSACTION.matcher(bare()).find();
    }

    /** It builds an index, whether or not there is one already. */
    boolean buildsAnIndexTwice() {
      return INDEX_BUILT_TWICE.matcher(bare()).find();
    }

    /** The first words, for people. */
    String words() {
      Matcher matcher = WORDS.matcher(bare());
      return matcher.find()
          ? matcher.group().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT)
          : "the statement";
    }

    private String bare() {
      String rest = sql;
      Matcher matcher = COMMENT.matcher(rest);
      while (matcher.find() && matcher.end() > 0) {
        rest = rest.substring(matcher.end());
        matcher = COMMENT.matcher(rest);
      }
      return rest;
    }
  }
}
