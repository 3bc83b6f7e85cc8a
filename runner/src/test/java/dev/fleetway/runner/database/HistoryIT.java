package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.testing.Provokes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the history table says, and what it means for a run. */
class HistoryIT extends OnEveryPostgres {
  @Test
  void leavesADatabaseAtHeadAlone() {
    TenantSpec.Database database = tenant("current");
    migrate(bundle(), "112", database);
    String before = transactionId();

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(result.reason()).isNull();
    assertThat(result.fromVersion()).isEqualTo("112");
    assertThat(result.migrations()).isEmpty();
    assertThat(transactionId()).isEqualTo(before);
  }

  @Test
  @Provokes({TenantReason.AheadOfTarget, TenantReason.AheadOfBundle})
  void saysThatADatabaseIsAheadOfTheTargetAndOfTheBundle() throws IOException {
    TenantSpec.Database database = tenant("ahead");
    migrate(bundle(), "112", database);
    Path older = copyOfSample();
    Files.delete(older.resolve("V112__order_totals.sql"));

    TenantResult ofTarget = migrate(bundle(), "110", database);
    TenantResult ofBundle = migrate(BundleReader.read(older), "111", database);

    assertThat(ofTarget.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(ofTarget.reason()).isEqualTo(TenantReason.AheadOfTarget);
    assertThat(ofBundle.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(ofBundle.reason()).isEqualTo(TenantReason.AheadOfBundle);
    assertThat(ofBundle.state().orElseThrow().version()).isEqualTo("112");
  }

  @Test
  @Provokes(TenantReason.ChecksumMismatch)
  void anEditedScriptIsAChecksumMismatchThatNamesVersionAndChecksums() throws IOException {
    TenantSpec.Database database = tenant("edited");
    migrate(bundle(), "112", database);
    Path edited = copyOfSample();
    Path script = edited.resolve("V105__order_currency.sql");
    Files.writeString(script, Files.readString(script) + "-- later\n");
    String applied =
        server()
            .query(
                "edited", "SELECT checksum::text FROM flyway_schema_history WHERE version = '105'")
            .get(0);

    TenantResult result = migrate(BundleReader.read(edited), "112", database);

    assertThat(result.reason()).isEqualTo(TenantReason.ChecksumMismatch);
    assertThat(result.failedVersion()).isEqualTo("105");
    assertThat(result.message()).contains("105", applied);
  }

  @Test
  @Provokes(TenantReason.FailedMigrationEntry)
  void aFailedScriptOutsideATransactionIsAFailedEntryTheNextTime() throws IOException {
    TenantSpec.Database database = tenant("failedentry");
    Bundle bundle =
        bundleOf(
            "V1__t.sql",
            "CREATE TABLE t (a int);",
            "V2__half.sql",
            "INSERT INTO t VALUES (1); SELECT 1/0;",
            "V2__half.sql.conf",
            "executeInTransaction=false");

    TenantResult first = migrate(bundle, "2", database);
    TenantResult second = migrate(bundle, "2", database);

    assertThat(first.reason()).isEqualTo(TenantReason.SqlError);
    assertThat(first.state().orElseThrow().version()).isEqualTo("1");
    assertThat(second.reason()).isEqualTo(TenantReason.FailedMigrationEntry);
    assertThat(second.failedVersion()).isEqualTo("2");
    assertThat(second.fromVersion()).isEqualTo("1");
    assertThat(second.message())
        .contains(
            "DELETE FROM \"public\".\"flyway_schema_history\" WHERE installed_rank = 2 AND NOT"
                + " success;");
  }

  @Test
  @Provokes({TenantReason.MissingScript, TenantReason.OutOfOrder})
  void aHistoryThatDoesNotFitTheBundleIsRefused() throws IOException {
    TenantSpec.Database database = tenant("misfit");
    migrate(bundle(), "112", database);
    Path without = copyOfSample();
    Files.delete(without.resolve("V103__order_lines.sql"));
    Path between = copyOfSample();
    Files.writeString(between.resolve("V103.1__late.sql"), "SELECT 1;");

    TenantResult missing = migrate(BundleReader.read(without), "112", database);
    TenantResult outOfOrder = migrate(BundleReader.read(between), "112", database);

    assertThat(missing.reason()).isEqualTo(TenantReason.MissingScript);
    assertThat(missing.failedVersion()).isEqualTo("103");
    assertThat(outOfOrder.reason()).isEqualTo(TenantReason.OutOfOrder);
    assertThat(outOfOrder.failedVersion()).isEqualTo("103.1");
  }

  @Test
  @Provokes(TenantReason.HistoryMissing)
  void aSchemaWithObjectsButWithoutHistoryIsNotTouched() {
    TenantSpec.Database database = tenant("foreign");
    server().execute("foreign", "CREATE TABLE somebody_elses (a int)");

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.reason()).isEqualTo(TenantReason.HistoryMissing);
    assertThat(
            server()
                .query("foreign", "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        .containsExactly("somebody_elses");
  }

  @Test
  void computesTheChecksumsAndNamesThatFlywayKeeps() {
    TenantSpec.Database database = tenant("checksums");
    Bundle bundle = bundle();

    migrate(bundle, "112", database);

    assertThat(
            server()
                .query(
                    "checksums",
                    "SELECT version || ' ' || description || ' ' || checksum || ' ' || script FROM"
                        + " flyway_schema_history ORDER BY installed_rank"))
        .containsExactlyElementsOf(
            bundle.scripts().stream()
                .map(
                    script ->
                        script.version()
                            + " "
                            + script.description()
                            + " "
                            + script.checksum()
                            + " "
                            + script.fileName())
                .toList());
  }

  @Test
  void aDifferenceThatAppearsAfterThePrecheckIsNamedTooWithItsVersion() {
    TenantSpec.Database database = tenant("racing");
    migrate(bundle(), "105", database);
    // Somebody else's version, which the first reading of the history does not show yet.
    server()
        .execute(
            "racing",
            """
            CREATE SCHEMA outside AUTHORIZATION "racing-owner";
            CREATE SEQUENCE outside.readings;
            ALTER SEQUENCE outside.readings OWNER TO "racing-owner";
            INSERT INTO flyway_schema_history
              SELECT 99, '104.5', 'late', 'SQL', 'V104.5__late.sql', 1, 'x', now(), 1, true;
            ALTER TABLE flyway_schema_history ENABLE ROW LEVEL SECURITY;
            ALTER TABLE flyway_schema_history FORCE ROW LEVEL SECURITY;
            CREATE POLICY later ON flyway_schema_history USING
              (CASE version WHEN '104.5' THEN nextval('outside.readings') > 1 ELSE true END);
            """);

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.reason()).isEqualTo(TenantReason.MissingScript);
    assertThat(result.failedVersion()).isEqualTo("104.5");
    assertThat(result.message())
        .isEqualTo("version 104.5 is applied, but the bundle does not contain it");
    assertThat(result.state().orElseThrow().version()).isEqualTo("105");
  }

  @Test
  @Provokes(TenantReason.RunnerError)
  void aHistoryThatNobodyCanHaveIsNotReadIntoMemory() {
    TenantSpec.Database database = tenant("endless");
    migrate(bundle(), "112", database);
    server()
        .execute(
            "endless",
            "INSERT INTO flyway_schema_history SELECT n, n::text, 'words', 'SQL', 'V' || n, 1,"
                + " 'x', now(), 1, true FROM generate_series(1000, 101000) n");

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.reason()).isEqualTo(TenantReason.RunnerError);
    assertThat(result.message()).contains("flyway_schema_history", "more than 100000 rows");
  }

  @Test
  void aRowWithoutAVersionInTheVersionsPlaceIsNamedByItsRank() {
    TenantSpec.Database database = tenant("noversion");
    for (String version : List.of("ada", "latest")) {
      migrate(bundle(), "112", database);
      server()
          .execute(
              "noversion",
              "UPDATE flyway_schema_history SET version = '%s' WHERE installed_rank = 12"
                  .formatted(version));

      TenantResult result = migrate(bundle(), "112", database);

      assertThat(result.reason()).isEqualTo(TenantReason.MissingScript);
      assertThat(result.message())
          .contains("something else than a version", "installed_rank 12")
          .doesNotContain(version);
    }
  }

  private String transactionId() {
    return server()
        .query("postgres", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        .get(0);
  }
}
