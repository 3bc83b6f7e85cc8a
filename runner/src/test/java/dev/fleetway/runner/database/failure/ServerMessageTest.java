package dev.fleetway.runner.database.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.ServerErrorMessage;

public class ServerMessageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "invalid input syntax for type integer: \"ada\" | invalid input syntax for type integer: ?",
        "invalid input syntax: \"a\" or \"b\" c\" | invalid input syntax: ?",
        "value ada's \"x\" | value ada's ?",
        "text 'a' and 'b' | text ?",
        "Text „geheim“ ist falsch | Text ? ist falsch",
        "texte «secret» faux | texte ? faux",
        "unterminated \"secret text | unterminated ?",
        "value 1234567 is out of range for type int4 | value ? is out of range for type int4",
        "date 2024-02-30 at 12:30:00 is -5.5e3 | date ? at ? is ?",
        "invalid byte sequence: 0xe9 0x20 | invalid byte sequence: ? ?",
        "division by zero | division by zero",
      })
  void literalsAreRemoved(String message, String expected) {
    assertThat(ServerMessage.withoutLiterals(message, Set.of(), false)).isEqualTo(expected);
  }

  @Test
  void namesFromTheErrorsOwnFieldsStay() {
    assertThat(
            ServerMessage.withoutLiterals(
                "could not create unique index \"customers_email_key\"",
                Set.of("customers_email_key"),
                false))
        .isEqualTo("could not create unique index \"customers_email_key\"");
  }

  @Test
  void namesStayInErrorsAboutNamesOnly() {
    String message = "column \"currency\" of relation \"orders\" already exists";

    assertThat(ServerMessage.withoutLiterals(message, Set.of(), true)).isEqualTo(message);
    assertThat(ServerMessage.withoutLiterals(message, Set.of(), false))
        .isEqualTo("column ? already exists");
  }

  @Test
  void textThatIsNoNameGoesEvenInErrorsAboutNames() {
    assertThat(
            ServerMessage.withoutLiterals(
                "function \"f\" of \"ada@example.test\" is missing", Set.of(), true))
        .isEqualTo("function \"f\" of ? is missing");
  }

  @Test
  void detailHintAndContextAreNeverUsed() {
    ServerErrorMessage error =
        error(
            "SERROR",
            "C23505",
            "Mduplicate key value violates unique constraint \"k\"",
            "DKey (email)=(ada@example.test) already exists.",
            "Hhint ada",
            "Wcontext ada",
            "tcustomers",
            "nk");

    assertThat(ServerMessage.of(error))
        .isEqualTo("duplicate key value violates unique constraint \"k\" (table customers)");
  }

  @Test
  void wordsThatTenantsCodeRaisedAreLeftOutWhateverTheirState() {
    assertThat(ServerMessage.of(error("C23514", "Mada owes us", "Rexec_stmt_raise")))
        .doesNotContain("ada");
    assertThat(ServerMessage.of(error("CP0001", "Mada owes us"))).doesNotContain("ada");
    assertThat(ServerMessage.of(error("C38000", "Mada owes us", "RPLy_elog")))
        .doesNotContain("ada");
  }

  @Test
  void wordsOfAnotherServerAreLeftOutWhateverTheirState() {
    assertThat(ServerMessage.of(error("C23505", "Mada owes us", "Rpgfdw_report_error")))
        .doesNotContain("ada");
    assertThat(ServerMessage.of(error("C22012", "Mada owes us", "Rdblink_res_error")))
        .doesNotContain("ada");
    assertThat(ServerMessage.of(error("C08001", "Mada owes us", "Fdblink.c")))
        .doesNotContain("ada");
    assertThat(ServerMessage.of(error("CHV00N", "Mada owes us"))).doesNotContain("ada");
  }

  /** Builds the message as the server sends it: fields, each with its letter, ended by NUL. */
  public static ServerErrorMessage error(String... fields) {
    return new ServerErrorMessage(String.join("\0", fields) + "\0");
  }
}
