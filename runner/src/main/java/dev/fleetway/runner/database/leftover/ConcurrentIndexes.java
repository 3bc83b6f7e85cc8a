package dev.fleetway.runner.database.leftover;

import dev.fleetway.runner.database.failure.SqlLexer;
import dev.fleetway.runner.database.failure.SqlLexer.Kind;
import dev.fleetway.runner.database.failure.SqlLexer.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The indexes that a script names in {@code CREATE INDEX CONCURRENTLY}. Pure. An index without a
 * name, which the server then chooses, is never among them.
 *
 * @param indexes in the script's order
 * @param repeatable the script does nothing else, so that after a failure it can simply run again
 *     once its INVALID indexes are gone
 * @param drops it drops indexes first, so that one which exists need not be in its way
 */
record ConcurrentIndexes(List<Index> indexes, boolean repeatable, boolean drops) {
  /** The server cuts longer names. */
  private static final int LONGEST_NAME = 63;

  private static final Token END = new Token(Kind.SYMBOL, ";");

  /**
   * One of them.
   *
   * @param name as the catalog holds it
   * @param schema of its table as written; empty: the tenant's
   * @param table as the catalog holds it
   * @param ifNotExists the script leaves an index alone that exists
   */
  record Index(String name, Optional<String> schema, String table, boolean ifNotExists) {}

  ConcurrentIndexes {
    indexes = List.copyOf(indexes);
  }

  static ConcurrentIndexes in(String sql) {
    List<Index> indexes = new ArrayList<>();
    boolean repeatable = true;
    boolean drops = false;
    List<Token> statement = new ArrayList<>();
    List<Token> tokens = new ArrayList<>(SqlLexer.tokens(sql));
    tokens.add(END);
    for (Token token : tokens) {
      if (token.is(";")) {
        drops |= new Reader(statement).skip("DROP");
        repeatable &= read(statement, indexes);
        statement.clear();
      } else if (token.kind() != Kind.SPACE && token.kind() != Kind.COMMENT) {
        statement.add(token);
      }
    }
    return new ConcurrentIndexes(indexes, repeatable && !indexes.isEmpty(), drops);
  }

  /** The index that is in the script's way when it exists and is valid. */
  boolean isInTheWay(Index index) {
    return repeatable && !drops && !index.ifNotExists();
  }

  /** Whether the statement may run again after a failure. */
  private static boolean read(List<Token> statement, List<Index> indexes) {
    if (statement.isEmpty()) {
      return true;
    }
    Reader reader = new Reader(statement);
    if (reader.skip("CREATE")) {
      Optional<Index> index = reader.index();
      index.ifPresent(indexes::add);
      return index.isPresent();
    }
    return reader.skip("SET")
        || reader.skip("RESET")
        || (reader.skip("DROP")
            && reader.skip("INDEX")
            && reader.skip("CONCURRENTLY")
            && reader.skip("IF")
            && reader.skip("EXISTS"));
  }

  /** Walks over the tokens of one statement. */
  private static final class Reader {
    private final List<Token> tokens;
    private int at;

    Reader(List<Token> tokens) {
      this.tokens = tokens;
    }

    boolean skip(String word) {
      if (at >= tokens.size() || !tokens.get(at).is(word)) {
        return false;
      }
      at++;
      return true;
    }

    Optional<Index> index() {
      boolean unused = skip("UNIQUE");
      if (!skip("INDEX") || !skip("CONCURRENTLY")) {
        return Optional.empty();
      }
      boolean ifNotExists = skip("IF") && skip("NOT") && skip("EXISTS");
      Optional<String> name = name();
      if (name.isEmpty() || !skip("ON")) {
        return Optional.empty();
      }
      unused = skip("ONLY");
      Optional<String> first = name();
      if (!skip(".")) {
        return first.map(table -> new Index(name.get(), Optional.empty(), table, ifNotExists));
      }
      Optional<String> table = name();
      return first.isPresent() && table.isPresent()
          ? Optional.of(new Index(name.get(), first, table.get(), ifNotExists))
          : Optional.empty();
    }

    private Optional<String> name() {
      if (at >= tokens.size()) {
        return Optional.empty();
      }
      Token token = tokens.get(at);
      // U&"…" is a word, a symbol and a quoted name: nothing that could stand here.
      boolean name =
          token.kind() == Kind.QUOTED_NAME || (token.kind() == Kind.WORD && !token.is("ON"));
      if (!name || token.name().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        return Optional.empty();
      }
      at++;
      return Optional.of(token.name());
    }
  }
}
