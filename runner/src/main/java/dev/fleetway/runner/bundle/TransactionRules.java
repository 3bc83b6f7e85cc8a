package dev.fleetway.runner.bundle;

import dev.fleetway.runner.bundle.ParsedScript.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.api.FlywayException;

/**
 * What a script's statements do to the transaction that it shares with its history row. An error is
 * what would fail in every tenant; a warning is what can leave one half done. Pure.
 */
final class TransactionRules {
  private static final Pattern NEW_VALUE =
      Pattern.compile(
          "\\bADD\\s+VALUE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?('(?:[^']|'')+')",
          Pattern.CASE_INSENSITIVE);

  private TransactionRules() {}

  /** What is wrong, with file and line; empty when nothing is. */
  static List<String> problems(String path, Script script) {
    ParsedScript parsed;
    try {
      parsed = FlywayText.parse(script, script.sql());
    } catch (FlywayException e) {
      return List.of(path + ": " + firstLine(e.getMessage()));
    }
    Optional<Statement> outside = first(parsed, false);
    if (outside.isEmpty()) {
      return List.of();
    }
    if (script.executeInTransaction().equals(Optional.of(true))) {
      return List.of(
          at(path, outside.get())
              + " cannot run in a transaction: take executeInTransaction=true out of "
              + script.fileName()
              + ".conf");
    }
    Optional<Statement> inside = first(parsed, true);
    return script.executeInTransaction().isEmpty() && inside.isPresent()
        ? List.of(
            at(path, outside.get())
                + " cannot run in a transaction, and the transactional statement of line "
                + inside.get().line()
                + " should not run without one: put it into a script of its own, or set"
                + " executeInTransaction=false in "
                + script.fileName()
                + ".conf")
        : List.of();
  }

  /** What is allowed but worth a look, with file and line. The script must be without problems. */
  static List<String> warnings(Script script) {
    ParsedScript parsed = FlywayText.parse(script, script.sql());
    List<String> warnings = new ArrayList<>();
    for (Statement statement : parsed.statements()) {
      if (statement.controlsTheTransaction()) {
        warnings.add(
            at(script.fileName(), statement)
                + " controls the transaction itself: a failure after it leaves the script half"
                + " applied");
      }
      if (statement.buildsAnIndexTwice()) {
        warnings.add(
            at(script.fileName(), statement)
                + " without IF NOT EXISTS: when the pod ends after the index is built and before"
                + " the history says so, the next attempt cannot go on by itself");
      }
    }
    if (!parsed.executeInTransaction() && parsed.statements().size() > 1) {
      Statement second = parsed.statements().get(1);
      warnings.add(
          at(script.fileName(), second)
              + " is not the only statement of a script without a transaction: a failure there"
              + " leaves the script half applied");
    }
    if (parsed.executeInTransaction()) {
      warnings.addAll(usesOfNewValues(script, parsed.statements()));
    }
    return warnings;
  }

  /** PostgreSQL refuses to use an enum's new value in the transaction that adds it (55P04). */
  private static List<String> usesOfNewValues(Script script, List<Statement> statements) {
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      Matcher added = NEW_VALUE.matcher(statements.get(i).sql());
      if (!statements.get(i).words().startsWith("ALTER TYPE") || !added.find()) {
        continue;
      }
      String value = added.group(1).toLowerCase(Locale.ROOT);
      statements.stream()
          .skip(i + 1L)
          .filter(later -> later.sql().toLowerCase(Locale.ROOT).contains(value))
          .findFirst()
          .ifPresent(
              later ->
                  warnings.add(
                      at(script.fileName(), later)
                          + " uses a value that the same script adds to an enum, which fails in one"
                          + " transaction: put it into the next script"));
    }
    return warnings;
  }

  private static Optional<Statement> first(ParsedScript parsed, boolean transactional) {
    return parsed.statements().stream()
        .filter(statement -> statement.transactional() == transactional)
        .findFirst();
  }

  private static String at(String path, Statement statement) {
    return path + ":" + statement.line() + ": " + statement.words();
  }

  private static String firstLine(String message) {
    return message == null ? "cannot be parsed" : message.lines().findFirst().orElse("").strip();
  }
}
