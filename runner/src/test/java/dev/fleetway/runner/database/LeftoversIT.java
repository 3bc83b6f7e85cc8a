package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.Provokes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a failed or killed CREATE INDEX CONCURRENTLY leaves, and who clears it. */
class LeftoversIT extends OnEveryPostgres {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern BETWEEN_STATEMENTS = Pattern.compile("(?<=;)\\s");
  private static final String TABLE = "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);";

  @Test
  void theNextAttemptClearsAFailedOneAndBuildsTheIndex() throws Exception {
    TenantSpec.Database database = tenant("failedindex");
    Bundle bundle = indexed("CREATE UNIQUE INDEX CONCURRENTLY \"T \"\"a\" ON t (a);");
    TenantResult first = migrate(bundle, "2", database);
    List<String> left = indexes("failedindex");
    TenantResult second = migrate(bundle, "2", database);
    server().execute("failedindex", "DELETE FROM t");

    TenantResult third = migrate(bundle, "2", database);

    assertThat(first.reason()).isEqualTo(TenantReason.ConstraintViolation);
    assertThat(left).containsExactly("T \"a invalid");
    assertThat(second.reason()).isEqualTo(TenantReason.ConstraintViolation);
    assertThat(third.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(third.fromVersion()).isEqualTo("1");
    assertThat(third.migrations()).singleElement().matches(m -> m.version().equals("2"));
    assertThat(indexes("failedindex")).containsExactly("T \"a valid");
    assertThat(history("failedindex")).containsExactly("1 true", "2 true");
  }

  @Test
  void aRetryClearsWhatASessionLeftThatWasKilledWhileItBuilt() throws Exception {
    TenantSpec.Database database = tenant("killedindex");
    Bundle bundle = indexed("CREATE INDEX CONCURRENTLY t_a ON public.t (a);");
    migrate(bundle, "1", database);
    Trial trial = with(TIMEOUT, LOCK_TIMEOUT, 3);
    CompletableFuture<Optional<TenantResult>> migration;
    try (Connection old = snapshot("killedindex")) {
      migration = trial.start(bundle, "2", database);
      awaitBuilding("killedindex");
      terminateBuilder("killedindex");
      trial.awaitRetry();
      assertThat(indexes("killedindex")).containsExactly("t_a invalid");
      assertThat(history("killedindex")).containsExactly("1 true");
      old.rollback();
    }

    TenantResult result = migration.join().orElseThrow();

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(indexes("killedindex")).containsExactly("t_a valid");
  }

  @Test
  void anInvalidIndexIsBuiltAnewThoughTheScriptSaysIfNotExists() throws Exception {
    TenantSpec.Database database = tenant("ifnotexists");
    Bundle bundle = indexed("CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);");
    migrate(bundle, "1", database);
    leaveInvalid("ifnotexists", "t_a");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(indexes("ifnotexists")).containsExactly("t_a valid");
  }

  @Test
  @Provokes(TenantReason.FailedMigrationEntry)
  void anIndexThatIsValidIsLeftAloneAndTheStatementsToRunAreSaid() throws Exception {
    TenantSpec.Database database = tenant("validindex");
    Bundle bundle = indexed("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);");
    migrate(bundle, "2", database);
    server().execute("validindex", "DELETE FROM t");
    server().execute("validindex", "REINDEX INDEX CONCURRENTLY t_a");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.reason()).isEqualTo(TenantReason.FailedMigrationEntry);
    assertThat(result.failedVersion()).isEqualTo("2");
    assertThat(result.message())
        .endsWith(
            "DROP INDEX CONCURRENTLY \"public\".\"t_a\"; DELETE FROM"
                + " \"public\".\"flyway_schema_history\" WHERE installed_rank = 2 AND NOT"
                + " success;");
    assertThat(indexes("validindex")).containsExactly("t_a valid");
    assertThat(history("validindex")).containsExactly("1 true", "2 false");

    runAdvice("validindex", result.message());
    assertThat(migrate(bundle, "2", database).outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aValidIndexOfAVersionThatIsNotAppliedIsSaidBeforeTheScriptFails() throws Exception {
    TenantSpec.Database database = tenant("unrecorded");
    Bundle bundle = indexed("CREATE INDEX CONCURRENTLY \"t A\" ON t (a);");
    migrate(bundle, "1", database);
    server().execute("unrecorded", "CREATE INDEX \"t A\" ON t (a)");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.reason()).isEqualTo(TenantReason.SchemaDrift);
    assertThat(result.sqlState()).isEqualTo("42P07");
    assertThat(result.failedVersion()).isEqualTo("2");
    assertThat(result.message()).endsWith("DROP INDEX CONCURRENTLY \"public\".\"t A\";");
    assertThat(indexes("unrecorded")).containsExactly("t A valid");
    assertThat(history("unrecorded")).containsExactly("1 true");

    runAdvice("unrecorded", result.message());
    assertThat(migrate(bundle, "2", database).outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aScriptThatDropsItsIndexFirstIsNotHeldUpByAValidOne() throws Exception {
    TenantSpec.Database database = tenant("dropsfirst");
    Bundle bundle =
        indexed(
            "DROP INDEX CONCURRENTLY IF EXISTS t_a; CREATE INDEX CONCURRENTLY t_a ON t (a, a);");
    migrate(bundle, "1", database);
    server().execute("dropsfirst", "CREATE INDEX t_a ON t (a)");

    assertThat(migrate(bundle, "2", database).outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void anInvalidIndexOfAnotherNameOrTableIsLeftAlone() throws Exception {
    TenantSpec.Database database = tenant("othername");
    Bundle bundle =
        indexed(
            """
            CREATE INDEX CONCURRENTLY t_b ON t (a);
            -- CREATE INDEX CONCURRENTLY t_a ON t (a);
            CREATE INDEX CONCURRENTLY on_u ON t (a);
            """);
    migrate(bundle, "1", database);
    leaveInvalid("othername", "t_a");
    server().execute("othername", "CREATE TABLE u (a int); INSERT INTO u VALUES (1), (1)");
    leaveInvalid("othername", "on_u", "u");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.reason()).isEqualTo(TenantReason.SchemaDrift);
    assertThat(indexes("othername"))
        .containsExactlyInAnyOrder("t_a invalid", "on_u invalid", "t_b valid");
  }

  @Test
  void anIndexThatSomebodyIsBuildingIsLeftAlone() throws Exception {
    TenantSpec.Database database = tenant("inbuilding");
    Bundle bundle = indexed("CREATE INDEX CONCURRENTLY t_a ON t (a);");
    migrate(bundle, "1", database);
    try (Connection old = snapshot("inbuilding");
        Connection builder = server().connect("inbuilding");
        Statement statement = builder.createStatement()) {
      CompletableFuture<Void> building =
          CompletableFuture.runAsync(
              () -> execute(statement, "CREATE INDEX CONCURRENTLY t_a ON t (a)"));
      awaitBuilding("inbuilding");

      TenantResult result = migrate(bundle, "2", database);

      assertThat(result.reason()).isEqualTo(TenantReason.LockTimeout);
      assertThat(result.message()).contains("blocked by pid", "user postgres");
      assertThat(building).isNotDone();
      old.rollback();
      building.join();
      assertThat(indexes("inbuilding")).containsExactly("t_a valid");
    }
  }

  @Test
  void nothingIsClearedForAVersionThatIsApplied() throws Exception {
    TenantSpec.Database database = tenant("appliedtoo");
    Bundle bundle = indexed("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);");
    migrate(bundle, "2", database);
    server()
        .execute(
            "appliedtoo",
            "INSERT INTO flyway_schema_history SELECT 3, version, description, type, script,"
                + " checksum, installed_by, installed_on, execution_time, true FROM"
                + " flyway_schema_history WHERE version = '2'");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.reason()).isEqualTo(TenantReason.FailedMigrationEntry);
    assertThat(result.message()).contains("as failed and as applied");
    assertThat(indexes("appliedtoo")).containsExactly("t_a invalid");
    assertThat(history("appliedtoo")).containsExactly("1 true", "2 false", "2 true");
  }

  @Test
  void aScriptThatDoesMoreIsForAPersonToRepair() throws Exception {
    TenantSpec.Database database = tenant("morethanone");
    Bundle bundle =
        bundleOf(
            "V1__t.sql",
            TABLE,
            "V2__i.sql",
            "UPDATE t SET a = a + 1; CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);",
            "V2__i.sql.conf",
            "executeInTransaction=false");
    migrate(bundle, "2", database);

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.reason()).isEqualTo(TenantReason.FailedMigrationEntry);
    assertThat(result.message())
        .contains("may have left a part of its work behind")
        .endsWith(
            "DELETE FROM \"public\".\"flyway_schema_history\" WHERE installed_rank = 2 AND NOT"
                + " success;");
    assertThat(indexes("morethanone")).containsExactly("t_a invalid");
  }

  @Test
  void anIndexWhoseNameTheServerChoseIsNobodys() throws Exception {
    TenantSpec.Database database = tenant("unnamed");
    Bundle bundle = indexed("CREATE UNIQUE INDEX CONCURRENTLY ON t (a);");
    migrate(bundle, "2", database);

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.reason()).isEqualTo(TenantReason.FailedMigrationEntry);
    assertThat(indexes("unnamed")).containsExactly("t_a_idx invalid");
  }

  @Test
  void anIndexOnATableOfAnotherSchemaIsNeverDropped() throws Exception {
    TenantSpec.Database database = tenant("elsewhere");
    server()
        .execute(
            "elsewhere",
            "CREATE SCHEMA shared AUTHORIZATION \"elsewhere-owner\"; CREATE TABLE shared.t (a int);"
                + " ALTER TABLE shared.t OWNER TO \"elsewhere-owner\"; INSERT INTO shared.t VALUES"
                + " (1), (1)");
    Bundle bundle = indexed("CREATE UNIQUE INDEX CONCURRENTLY t_a ON shared.t (a);");
    migrate(bundle, "2", database);

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.reason()).isEqualTo(TenantReason.FailedMigrationEntry);
    assertThat(result.message()).contains("outside the tenant's schema", "DELETE FROM");
    assertThat(indexes("elsewhere")).containsExactly("t_a invalid");
  }

  private static Bundle indexed(String sql) throws IOException {
    return bundleOf("V1__t.sql", TABLE, "V2__i.sql", sql);
  }

  /** A transaction whose snapshot CONCURRENTLY waits for. */
  private Connection snapshot(String database) throws SQLException {
    Connection old = server().connect(database);
    old.setAutoCommit(false);
    old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = old.createStatement()) {
      statement.execute("SELECT count(*) FROM pg_class");
    }
    return old;
  }

  private void awaitBuilding(String database) {
    Awaitility.await().until(() -> !builders(database).isEmpty());
  }

  private List<String> builders(String database) {
    return server()
        .query(
            "postgres",
            "SELECT pid::text FROM pg_stat_activity WHERE datname = ? AND wait_event ="
                + " 'virtualxid' AND query LIKE '%CONCURRENTLY%'",
            database);
  }

  private void terminateBuilder(String database) {
    server()
        .execute(
            "postgres", "SELECT pg_terminate_backend(%s)".formatted(builders(database).get(0)));
  }

  private void leaveInvalid(String database, String index) throws SQLException {
    leaveInvalid(database, index, "t");
  }

  /** The table has a value twice: the index cannot be built and stays. */
  private void leaveInvalid(String database, String index, String table) throws SQLException {
    try (Connection connection = server().connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (a)".formatted(index, table));
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("23505");
    }
    assertThat(indexes(database)).contains(index + " invalid");
  }

  private void runAdvice(String database, String message) {
    String advice = message.substring(message.indexOf("DROP INDEX"));
    BETWEEN_STATEMENTS
        .splitAsStream(advice)
        .forEach(statement -> server().execute(database, statement));
  }

  private static void execute(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> indexes(String database) {
    return server()
        .query(
            database,
            "SELECT c.relname || CASE WHEN i.indisvalid THEN ' valid' ELSE ' invalid' END FROM"
                + " pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid IN (SELECT"
                + " oid FROM pg_class WHERE relname IN ('t', 'u'))");
  }

  private List<String> history(String database) {
    return server()
        .query(
            database,
            "SELECT version || ' ' || success FROM flyway_schema_history ORDER BY installed_rank");
  }
}
