package dev.fleetway.runner.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "commit;",
        "COMMIT WORK;",
        "BEGIN;",
        "begin transaction ;",
        "BEGIN ISOLATION LEVEL SERIALIZABLE;",
        "START TRANSACTION READ WRITE;",
        "ROLLBACK;",
        "END;",
        "ABORT;",
        "/* done */ COMMIT AND CHAIN;",
        "-- done\nCOMMIT;",
        "PREPARE TRANSACTION 'x';"
      })
  void warnsOfAScriptThatControlsItsTransaction(String statement) {
    assertThat(warnings("CREATE TABLE t (a int);\n" + statement + "\n"))
        .singleElement()
        .asString()
        .matches("(?s)V1__a\\.sql:[23]: [A-Z ]+ controls the transaction itself: .*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- COMMIT;\nSELECT 1;",
        "/* BEGIN; */ SELECT 1;",
        "SELECT 'a\nCOMMIT;\n';",
        "SAVEPOINT a; ROLLBACK TO SAVEPOINT a; ROLLBACK TO a;",
        "CREATE TABLE begin_work (a int); UPDATE begin_work SET a = 1;",
        "DO $$\nBEGIN\n  PERFORM 1;\nEND;\n$$;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$\nBEGIN\nRETURN 1;\nEND;\n$body$;",
        "CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC\nSELECT 1;\nEND;",
      })
  void staysSilentOnCommentsStringsAndBodies(String sql) {
    assertThat(warnings(sql)).isEmpty();
    assertThat(problems(sql, null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);",
        "DROP INDEX CONCURRENTLY i;",
        "REINDEX INDEX CONCURRENTLY i;",
        "REINDEX TABLE CONCURRENTLY t;",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;",
        "VACUUM t;",
        "CREATE DATABASE d;",
        "ALTER SYSTEM SET work_mem = '1MB';",
      })
  void aMixOfBothKindsIsRefusedWithBothLines(String outside) {
    String mix = "CREATE TABLE t (a int);\n\n-- then\n" + outside;

    assertThat(problems(mix, null))
        .singleElement()
        .asString()
        .startsWith("V1__a.sql:4: ")
        .contains("cannot run in a transaction", "line 1", "V1__a.sql.conf");
    assertThat(problems(outside, null)).isEmpty();
    assertThat(warnings(outside)).isEmpty();
  }

  @Test
  void aMixThatAConfAdmitsIsAWarning() {
    String mix = "CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);";

    assertThat(problems(mix, false)).isEmpty();
    assertThat(TransactionRules.warnings(script(mix, false)))
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .startsWith("V1__a.sql:2: CREATE INDEX CONCURRENTLY")
                    .contains("half applied"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create unique index concurrently t_a ON t (a);",
        "-- why\nCREATE INDEX CONCURRENTLY ON t (a);",
      })
  void anIndexThatARetryWouldBuildTwiceIsAWarning(String script) {
    assertThat(warnings(script)).singleElement().asString().contains("without IF NOT EXISTS");
    assertThat(warnings("CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);")).isEmpty();
    assertThat(warnings("CREATE INDEX t_a ON t (a);")).isEmpty();
  }

  @Test
  void aConfCannotForceIntoATransactionWhatTheServerRefusesThere() {
    assertThat(problems("VACUUM;", true))
        .singleElement()
        .asString()
        .contains("V1__a.sql:1: VACUUM cannot run in a transaction", "V1__a.sql.conf");
  }

  @Test
  void anEnumsNewValueIsTransactionalOnEverySupportedServerButMayNotBeUsedAtOnce() {
    String added = "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';\n";

    assertThat(problems(added + "CREATE TABLE t (a int);", null)).isEmpty();
    assertThat(warnings(added + "CREATE TABLE t (a int);")).isEmpty();
    assertThat(warnings(added + "UPDATE people SET mood = 'calm';"))
        .singleElement()
        .asString()
        .startsWith("V1__a.sql:2: UPDATE");
  }

  @Test
  void dataOfACopyWithoutAnEndIsAProblemAndNotAnEndlessSearch() {
    assertThat(problems("COPY t FROM STDIN;\n1\n\\.\n", null)).isEmpty();
    assertThat(problems("COPY t FROM STDIN;\n1\n", null))
        .singleElement()
        .asString()
        .startsWith("V1__a.sql: ");
  }

  private static List<String> warnings(String sql) {
    return TransactionRules.warnings(script(sql, null));
  }

  private static List<String> problems(String sql, Boolean executeInTransaction) {
    return TransactionRules.problems("V1__a.sql", script(sql, executeInTransaction));
  }

  private static Script script(String sql, Boolean executeInTransaction) {
    return new Script(
        "V1__a.sql",
        MigrationVersion.fromVersion("1"),
        "a",
        sql,
        0,
        Optional.ofNullable(executeInTransaction),
        Optional.empty());
  }
}
