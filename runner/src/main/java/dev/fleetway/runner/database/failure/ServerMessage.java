package dev.fleetway.runner.database.failure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.util.ServerErrorMessage;

/**
 * A server's primary message without what could be row data. Quoted text stays only when it is a
 * name: one of the error's own fields, or, in errors about names, something that looks like one.
 * DETAIL, HINT and CONTEXT are never used.
 */
public final class ServerMessage {
  private static final String OPENING = "\"'«»„“‘`";
  private static final String CLOSING = "\"'»«“”’'";
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w?])[-+]?(0x)?\\d[\\w.,:/+-]*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_$.]{0,126}");

  /** Codes whose quoted text is the name of an object. */
  private static final Set<String> ABOUT_NAMES =
      Set.of(
          "42P01", "42P06", "42P07", "42701", "42703", "42704", "42710", "42723", "42883", "42501",
          "3F000", "3D000", "55P03");

  private ServerMessage() {}

  public static String of(ServerErrorMessage error) {
    String message = Objects.requireNonNullElse(error.getMessage(), "");
    String state = Objects.requireNonNullElse(error.getSQLState(), "");
    if ("exec_stmt_raise".equals(error.getRoutine())
        || state.startsWith("P0")
        || state.startsWith("38")) {
      return "raised by a function of the tenant, whose words may be row data: see the server's"
          + " log";
    }
    if (isForeign(error, state)) {
      return "raised by another server through a foreign data wrapper or dblink, whose words may be"
          + " row data: see the server's log";
    }
    Set<String> names = names(error);
    return withoutLiterals(message, names, ABOUT_NAMES.contains(state)) + appendix(message, error);
  }

  /** Both pass the other server's SQLSTATE and words on, whatever these are. */
  private static boolean isForeign(ServerErrorMessage error, String state) {
    String routine = Objects.requireNonNullElse(error.getRoutine(), "");
    return state.startsWith("HV")
        || routine.startsWith("pgfdw_")
        || routine.startsWith("dblink_")
        || "dblink.c".equals(error.getFile());
  }

  static String withoutLiterals(String message, Set<String> names, boolean aboutNames) {
    StringBuilder result = new StringBuilder();
    int from = 0;
    for (int at = 0; at < message.length(); at++) {
      int quote = OPENING.indexOf(message.charAt(at));
      boolean apostrophe = message.charAt(at) == '\'' && at > 0 && isWord(message.charAt(at - 1));
      if (quote < 0 || apostrophe) {
        continue;
      }
      int end = message.indexOf(CLOSING.charAt(quote), at + 1);
      String quoted = end < 0 ? "" : message.substring(at + 1, end);
      if (names.contains(quoted) || (aboutNames && NAME.matcher(quoted).matches())) {
        result.append(withoutNumbers(message.substring(from, at)));
        result.append(message, at, end + 1);
        from = end + 1;
        at = end;
      } else {
        // A value may hold quotes itself: everything up to the last quote goes.
        int last = lastQuote(message, at);
        result.append(withoutNumbers(message.substring(from, at))).append('?');
        return result.append(withoutNumbers(message.substring(last + 1))).toString();
      }
    }
    return result.append(withoutNumbers(message.substring(from))).toString();
  }

  private static int lastQuote(String message, int first) {
    for (int at = message.length() - 1; at > first; at--) {
      if (CLOSING.indexOf(message.charAt(at)) >= 0) {
        return at;
      }
    }
    return message.length() - 1;
  }

  private static boolean isWord(char character) {
    return Character.isLetterOrDigit(character);
  }

  private static String withoutNumbers(String text) {
    return NUMBER.matcher(text).replaceAll(Matcher.quoteReplacement("?"));
  }

  private static Set<String> names(ServerErrorMessage error) {
    Set<String> names = new HashSet<>();
    Stream.of(
            error.getSchema(),
            error.getTable(),
            error.getColumn(),
            error.getConstraint(),
            error.getDatatype())
        .filter(Objects::nonNull)
        .forEach(names::add);
    return names;
  }

  /** The error's own name fields, as far as the message does not name them already. */
  private static String appendix(String message, ServerErrorMessage error) {
    List<String> parts = new ArrayList<>();
    add(parts, message, "constraint", error.getConstraint());
    add(parts, message, "table", error.getTable());
    add(parts, message, "column", error.getColumn());
    return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
  }

  private static void add(List<String> parts, String message, String field, String name) {
    if (name != null && !message.contains('"' + name + '"')) {
      parts.add(field + " " + name);
    }
  }
}
