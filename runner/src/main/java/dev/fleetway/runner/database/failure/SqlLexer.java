package dev.fleetway.runner.database.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts SQL into tokens by PostgreSQL's lexical rules: nested comments, dollar quotes, escape
 * strings. Enough to find names and to leave literals out; it is no parser. Pure.
 */
public final class SqlLexer {
  public enum Kind {
    /** Keyword or unquoted name. */
    WORD,
    QUOTED_NAME,
    STRING,
    NUMBER,
    PARAMETER,
    COMMENT,
    SPACE,
    SYMBOL,
    /** The rest of a text that cannot be told apart for sure: anything may be in it. */
    UNCLEAR
  }

  /** One token with its text as written. */
  public record Token(Kind kind, String text) {
    public boolean is(String keywordOrSymbol) {
      return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(keywordOrSymbol);
    }

    /** The name as the catalog holds it. */
    public String name() {
      return kind == Kind.QUOTED_NAME
          ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
          : ASCII_CAPITAL
              .matcher(text)
              .replaceAll(capital -> capital.group().toLowerCase(Locale.ROOT));
    }
  }

  /** The server folds no other letters in a multibyte encoding. */
  private static final Pattern ASCII_CAPITAL = Pattern.compile("[A-Z]+");

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern LINE_COMMENT = Pattern.compile("--[^\\r\\n]*");
  private static final Pattern DOLLAR =
      Pattern.compile("\\$(?:[\\p{L}_\\x80-\\x{10FFFF}][\\p{L}\\p{N}_\\x80-\\x{10FFFF}]*)?\\$");
  private static final Pattern PARAMETER = Pattern.compile("\\$\\d+");
  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d|\\.\\d)[\\w.]*(?:(?<=[eE])[+-]\\d+)?");
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}_\\x80-\\x{10FFFF}][\\p{L}\\p{N}_$\\x80-\\x{10FFFF}]*");
  private static final Pattern STRING = Pattern.compile("'(?:[^']|'')*+'");
  private static final Pattern ESCAPE_STRING =
      Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*+'", Pattern.DOTALL);
  private static final Pattern QUOTED_NAME = Pattern.compile("\"(?:[^\"]|\"\")++\"");

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private SqlLexer(String sql) {
    this.sql = sql;
  }

  public static List<Token> tokens(String sql) {
    SqlLexer lexer = new SqlLexer(sql);
    while (lexer.at < sql.length()) {
      lexer.next();
    }
    return List.copyOf(lexer.tokens);
  }

  private void next() {
    char character = sql.charAt(at);
    if (sql.startsWith("/*", at)) {
      blockComment();
    } else if (character == '\'') {
      string();
    } else if (character == '"') {
      takeOrGiveUp(QUOTED_NAME, Kind.QUOTED_NAME);
    } else if (character == '$' && lookingAt(DOLLAR).lookingAt()) {
      dollarQuoted();
    } else if (!take(SPACE, Kind.SPACE)
        && !take(LINE_COMMENT, Kind.COMMENT)
        && !take(PARAMETER, Kind.PARAMETER)
        && !take(NUMBER, Kind.NUMBER)
        && !take(WORD, Kind.WORD)) {
      add(Kind.SYMBOL, at + 1);
    }
  }

  private void blockComment() {
    int depth = 0;
    int end = at;
    while (end < sql.length()) {
      if (sql.startsWith("/*", end)) {
        depth++;
        end += 2;
      } else if (sql.startsWith("*/", end)) {
        depth--;
        end += 2;
        if (depth == 0) {
          add(Kind.COMMENT, end);
          return;
        }
      } else {
        end++;
      }
    }
    add(Kind.UNCLEAR, sql.length());
  }

  /** What a backslash means in a plain string is a setting of the session that sent it. */
  private void string() {
    String prefix = adjacentWord();
    if (prefix.equals("e")) {
      takeOrGiveUp(ESCAPE_STRING, Kind.STRING);
      return;
    }
    Matcher plain = lookingAt(STRING);
    if (plain.lookingAt() && plain.group().indexOf('\\') < 0) {
      add(Kind.STRING, plain.end());
    } else {
      add(Kind.UNCLEAR, sql.length());
    }
  }

  private String adjacentWord() {
    if (tokens.isEmpty()) {
      return "";
    }
    Token last = tokens.get(tokens.size() - 1);
    return last.kind() == Kind.WORD ? last.text().toLowerCase(Locale.ROOT) : "";
  }

  private void dollarQuoted() {
    Matcher opening = lookingAt(DOLLAR);
    boolean unused = opening.lookingAt();
    int end = sql.indexOf(opening.group(), opening.end());
    if (end < 0) {
      add(Kind.UNCLEAR, sql.length());
    } else {
      add(Kind.STRING, end + opening.group().length());
    }
  }

  private Matcher lookingAt(Pattern pattern) {
    return pattern.matcher(sql).region(at, sql.length());
  }

  private boolean take(Pattern pattern, Kind kind) {
    Matcher matcher = lookingAt(pattern);
    if (!matcher.lookingAt()) {
      return false;
    }
    add(kind, matcher.end());
    return true;
  }

  private void takeOrGiveUp(Pattern pattern, Kind kind) {
    if (!take(pattern, kind)) {
      add(Kind.UNCLEAR, sql.length());
    }
  }

  private void add(Kind kind, int end) {
    tokens.add(new Token(kind, sql.substring(at, end)));
    at = end;
  }
}
