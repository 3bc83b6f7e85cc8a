package dev.fleetway.runner.database.failure;

import dev.fleetway.runner.database.failure.SqlLexer.Kind;
import dev.fleetway.runner.database.failure.SqlLexer.Token;

/**
 * A statement of another session for people to recognise: without literals and comments, which may
 * be row data, on one line, and short. Pure.
 */
public final class StatementText {
  private static final int LONGEST = 160;

  private StatementText() {}

  public static String of(String sql) {
    StringBuilder text = new StringBuilder();
    for (Token token : SqlLexer.tokens(sql)) {
      if (token.kind() == Kind.UNCLEAR) {
        return shortened(text + "…");
      }
      switch (token.kind()) {
        case STRING, NUMBER -> text.append('?');
        case SPACE, COMMENT -> text.append(' ');
        default -> text.append(token.text());
      }
    }
    return shortened(text.toString());
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
