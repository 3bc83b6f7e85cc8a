package dev.fleetway.runner.database.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlLexerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "UPDATE t SET a = 'ada' WHERE b = 42 | UPDATE t SET a = ? WHERE b = ?",
        "SELECT 'it''s ada', x'ff', 1.5e-3, .5, $1 | SELECT ?, x?, ?, ?, $1",
        "SELECT E'it\\'s ada' , b | SELECT E? , b",
        "SELECT $$ada ' $$, $q$ada $$ $q$, b | SELECT ?, ?, b",
        "SELECT a -- ada | SELECT a",
        "SELECT /* ada /* 'x' */ eve */ b | SELECT b",
        "SELECT \"Total of 42\", t2.a1 FROM t2 | SELECT \"Total of 42\", t2.a1 FROM t2",
        "SELECT 'cut off by the serv | SELECT …",
        "SELECT 'C:\\' , 'ada' | SELECT …",
        "SELECT /* ada | SELECT …",
        "SELECT $x$ ada | SELECT …",
        "COPY t FROM STDIN | COPY t FROM STDIN",
      })
  void aStatementLosesItsLiteralsAndComments(String sql, String expected) {
    assertThat(StatementText.of(sql)).isEqualTo(expected);
  }

  @Test
  void aStatementIsOneShortLine() {
    assertThat(StatementText.of("SELECT\n\n  a,\tb")).isEqualTo("SELECT a, b");
    assertThat(StatementText.of("SELECT " + "a, ".repeat(500))).hasSize(160).endsWith("…");
  }

  @Test
  void everyCharacterIsInExactlyOneToken() {
    String sql = "SELECT a::int, 'x', \"y\"\"z\", $1, $$q$$ -- c\n/* d */ ; é <> 'u";

    StringBuilder all = new StringBuilder();
    SqlLexer.tokens(sql).forEach(token -> all.append(token.text()));

    assertThat(all).hasToString(sql);
  }
}
