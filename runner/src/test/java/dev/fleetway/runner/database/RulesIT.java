package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.AppliedMigration;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.Provokes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run may be told about its migrations, and what each of it does to a database. */
class RulesIT extends OnEveryPostgres {
  private static final String TABLE = "CREATE TABLE t (a int);";

  @TempDir private Path scripts;

  @Test
  void aRepeatableScriptRunsAfterTheVersionedOnesAndAgainOnlyWhenItChanged() throws IOException {
    TenantSpec.Database database = tenant("repeatable");
    String view = "CREATE OR REPLACE VIEW v AS SELECT a FROM t;";
    Bundle first = bundleOf("V1__t.sql", TABLE, "R__the_view.sql", view);
    Bundle changed = bundleOf("V1__t.sql", TABLE, "R__the_view.sql", view + " -- again");

    TenantResult initial = migrate(first, "1", database);
    TenantResult again = migrate(first, "1", database);
    TenantResult afterChange = migrate(changed, "1", database);
    TenantResult atLast = migrate(changed, "1", database);

    assertThat(initial.migrations())
        .extracting(AppliedMigration::version)
        .containsExactly("1", "the view");
    assertThat(again.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(afterChange.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(afterChange.state().orElseThrow().version()).isEqualTo("1");
    assertThat(afterChange.migrations())
        .extracting(AppliedMigration::version)
        .containsExactly("the view");
    assertThat(atLast.outcome()).isEqualTo(Outcome.AlreadyCurrent);
  }

  @Test
  void aRepeatableScriptThatTheBundleLacksIsMissing() throws IOException {
    TenantSpec.Database database = tenant("lostview");
    migrate(bundleOf("V1__t.sql", TABLE, "R__v.sql", "SELECT 1;"), "1", database);

    TenantResult result = migrate(bundleOf("V1__t.sql", TABLE), "1", database);

    assertThat(result.reason()).isEqualTo(TenantReason.MissingScript);
  }

  @Test
  void aFailingRepeatableScriptLeavesNothingOfItself() throws IOException {
    TenantSpec.Database database = tenant("badview");

    TenantResult result =
        migrate(
            bundleOf("V1__t.sql", TABLE, "R__v.sql", "CREATE TABLE half (); SELECT nope;"),
            "1",
            database);

    assertThat(result.reason()).isEqualTo(TenantReason.SchemaDrift);
    assertThat(result.state().orElseThrow().version()).isEqualTo("1");
    assertThat(tables("badview")).containsExactlyInAnyOrder("flyway_schema_history", "t");
  }

  @Test
  void whatFlywayWroteItselfIsCurrentForUsAndTheOtherWayRound() throws IOException {
    TenantSpec.Database database = tenant("parity");
    Map<String, String> values = Map.of("plan", "gold", "Odd.Name", "x\ny");
    String[] files = {
      "V1__t.sql", "CREATE TABLE t AS SELECT '${plan}' AS plan, '${odd.name}' AS odd;",
      "V1_2__two_words.sql", "\uFEFFSELECT 1;\r\n-- ${plan}\r\n",
      "R__view_of_t.sql", "CREATE OR REPLACE VIEW v AS\r\n\r\nSELECT '${PLAN}' AS p FROM t;\n",
      "R__named.sql", "SELECT '${flyway:filename} ${flyway:defaultSchema} ${flyway:database}';",
      "R__plain.sql", "SELECT 1;"
    };
    Bundle bundle = bundleOf(files);

    assertThat(flyway("parity", files, values).migrate().migrationsExecuted).isEqualTo(5);
    TenantResult ours = migrate(bundle, placeholders(bundle, "1.2", values), database);
    tenant("parity");
    TenantResult fresh = migrate(bundle, placeholders(bundle, "1.2", values), database);

    assertThat(ours.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(fresh.migrations()).hasSize(5);
    assertThat(flyway("parity", files, values).migrate().migrationsExecuted).isZero();
  }

  @Test
  void valuesAndTheTenantsNameArePastedIn() throws IOException {
    TenantSpec.Database database = tenant("values");
    Bundle bundle =
        bundleOf(
            "V1__t.sql",
            "CREATE TABLE t AS SELECT '${plan}' AS plan, '${fleetway.tenant}' AS tenant;",
            "R__v.sql",
            "CREATE OR REPLACE VIEW v AS SELECT '${plan}'::text AS plan;");

    TenantResult gold =
        migrate(bundle, placeholders(bundle, "1", Map.of("plan", "gold")), database);
    TenantResult same =
        migrate(bundle, placeholders(bundle, "1", Map.of("plan", "gold")), database);
    TenantResult iron =
        migrate(bundle, placeholders(bundle, "1", Map.of("plan", "iron")), database);

    assertThat(gold.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(same.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(iron.migrations()).extracting(AppliedMigration::version).containsExactly("v");
    assertThat(server().query("values", "SELECT plan || ' ' || tenant FROM t"))
        .containsExactly("gold acme");
    assertThat(server().query("values", "SELECT plan FROM v")).containsExactly("iron");
  }

  @Test
  void outOfOrderAppliesALateVersionWhereTheRunSaysSo() throws IOException {
    TenantSpec.Database database = tenant("late");
    migrate(bundleOf("V1__t.sql", TABLE, "V3__c.sql", "SELECT 3;"), "3", database);
    Bundle late =
        bundleOf(
            "V1__t.sql", TABLE, "V2__b.sql", "CREATE TABLE late ();", "V3__c.sql", "SELECT 3;");

    TenantResult refused = migrate(late, "3", database);
    TenantResult admitted =
        migrate(
            late,
            new Assignment.Migrations(late.digest(), "3", null, null, true, null, null),
            database);

    assertThat(refused.reason()).isEqualTo(TenantReason.OutOfOrder);
    assertThat(refused.failedVersion()).isEqualTo("2");
    assertThat(admitted.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(admitted.migrations()).extracting(AppliedMigration::version).containsExactly("2");
    assertThat(admitted.state().orElseThrow().version()).isEqualTo("3");
    assertThat(migrate(late, "3", database).outcome()).isEqualTo(Outcome.AlreadyCurrent);
  }

  @Test
  void aBaselineAdoptsASchemaWithoutHistoryAndRunsOnlyWhatIsNewer() throws IOException {
    TenantSpec.Database database = tenant("adopted");
    server().execute("adopted", "CREATE TABLE t (a int)");
    Bundle bundle =
        bundleOf("V1__t.sql", TABLE, "V39__x.sql", "SELECT nope;", "V41__n.sql", "SELECT 1;");

    TenantResult result = migrate(bundle, baseline(bundle, "41"), database);
    TenantResult again = migrate(bundle, "41", database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(result.migrations()).extracting(AppliedMigration::version).containsExactly("41");
    assertThat(again.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(
            server()
                .query(
                    "adopted",
                    "SELECT concat_ws(' ', version, type, description) FROM flyway_schema_history"
                        + " ORDER BY installed_rank"))
        .containsExactly("40 BASELINE adopted by Fleetway", "41 SQL n");
  }

  @Test
  void aBaselineAtTheHeadOnlyMarksTheSchema() throws IOException {
    TenantSpec.Database database = tenant("marked");
    server().execute("marked", "CREATE TABLE t (a int)");
    Bundle bundle = bundleOf("V1__t.sql", TABLE, "V40__x.sql", "SELECT nope;");

    TenantResult result = migrate(bundle, baseline(bundle, "40"), database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(result.migrations()).isEmpty();
    assertThat(result.state().orElseThrow().version()).isEqualTo("40");
  }

  @Test
  void anEmptySchemaIsNotAdoptedButMigratedFromTheStart() throws IOException {
    TenantSpec.Database database = tenant("unadopted");
    Bundle bundle = bundleOf("V1__t.sql", TABLE, "V41__n.sql", "SELECT 1;");

    TenantResult result = migrate(bundle, baseline(bundle, "41"), database);

    assertThat(result.migrations())
        .extracting(AppliedMigration::version)
        .containsExactly("1", "41");
  }

  @Test
  void onlyAListedVersionsChecksumIsRealignedAndItsScriptDoesNotRunAgain() throws IOException {
    TenantSpec.Database database = tenant("realigned");
    migrate(bundleOf("V1__t.sql", TABLE, "V2__u.sql", "SELECT 2;"), "2", database);
    Bundle edited = bundleOf("V1__t.sql", TABLE + " -- 1", "V2__u.sql", "SELECT 2; -- 2");

    TenantResult one = migrate(edited, realign(edited, "1"), database);
    List<String> afterOne = checksums("realigned");
    TenantResult both = migrate(edited, realign(edited, "1", "2", "7"), database);
    TenantResult later = migrate(edited, "2", database);

    assertThat(one.reason()).isEqualTo(TenantReason.ChecksumMismatch);
    assertThat(one.failedVersion()).isEqualTo("2");
    assertThat(one.realigned()).isEmpty();
    assertThat(afterOne).doesNotContain(checksum(edited, 0), checksum(edited, 1));
    assertThat(both.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(both.realigned()).containsExactly("1", "2");
    assertThat(checksums("realigned")).containsExactly(checksum(edited, 0), checksum(edited, 1));
    assertThat(later.outcome()).isEqualTo(Outcome.AlreadyCurrent);
    assertThat(later.realigned()).isEmpty();
  }

  @Test
  void realigningAndMigratingGoTogether() throws IOException {
    TenantSpec.Database database = tenant("both");
    migrate(bundleOf("V1__t.sql", TABLE), "1", database);
    Bundle edited = bundleOf("V1__t.sql", TABLE + " -- 1", "V2__u.sql", "SELECT 2;");

    TenantResult result =
        migrate(
            edited,
            new Assignment.Migrations(edited.digest(), "2", null, null, false, List.of("1"), null),
            database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(result.realigned()).containsExactly("1");
    assertThat(result.migrations()).extracting(AppliedMigration::version).containsExactly("2");
  }

  @Test
  @Provokes(TenantReason.IncompatibleCodeVersion)
  void anApplicationThatIsTooOldLeavesTheTenantUntouched() throws IOException {
    TenantSpec.Database database = tenant("oldcode");
    Bundle bundle =
        bundleOf(
            "V1__t.sql",
            TABLE,
            "V2__c.sql",
            "-- fleetway:minCompatibleCodeVersion=2.14.0\nALTER TABLE t DROP COLUMN a;");

    TenantResult old = migrate(bundle, code(bundle, "2", "2.13.0"), database);
    TenantResult below = migrate(bundle, code(bundle, "1", "2.13.0"), database);
    TenantResult current = migrate(bundle, code(bundle, "2", "2.14.0+7"), database);
    TenantResult rolledBack = migrate(bundle, code(bundle, "2", "2.13.0"), database);

    assertThat(old.reason()).isEqualTo(TenantReason.IncompatibleCodeVersion);
    assertThat(old.failedVersion()).isEqualTo("2");
    assertThat(old.state().orElseThrow().version()).isNull();
    assertThat(below.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(below.state().orElseThrow().minCompatibleCodeVersion()).isNull();
    assertThat(current.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(current.state().orElseThrow().minCompatibleCodeVersion()).isEqualTo("2.14.0");
    assertThat(rolledBack.outcome()).isEqualTo(Outcome.AlreadyCurrent);
  }

  @Test
  void ofManyMigrationsTheNewestTwentyAreReported() throws IOException {
    TenantSpec.Database database = tenant("many");
    String[] files = new String[42];
    for (int version = 1; version <= 21; version++) {
      files[version * 2 - 2] = "V" + version + "__a.sql";
      files[version * 2 - 1] = "SELECT 1;";
    }

    TenantResult result = migrate(bundleOf(files), "21", database);

    assertThat(result.fromVersion()).isNull();
    assertThat(result.migrations())
        .hasSize(20)
        .startsWith(result.migrations().get(0))
        .extracting(AppliedMigration::version)
        .startsWith("2")
        .endsWith("21");
  }

  private Flyway flyway(String database, String[] files, Map<String, String> values)
      throws IOException {
    for (int i = 0; i < files.length; i += 2) {
      Files.writeString(scripts.resolve(files[i]), files[i + 1]);
    }
    FluentConfiguration configuration =
        Flyway.configure()
            .dataSource(
                "jdbc:postgresql://%s:%d/%s".formatted(server().host(), server().port(), database),
                database + "-owner",
                "correct-horse")
            .locations("filesystem:" + scripts)
            .placeholders(values);
    return configuration.load();
  }

  private List<String> tables(String database) {
    return server().query(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  }

  private List<String> checksums(String database) {
    return server()
        .query(
            database, "SELECT checksum::text FROM flyway_schema_history ORDER BY installed_rank");
  }

  private static String checksum(Bundle bundle, int index) {
    return Integer.toString(bundle.scripts().get(index).checksum());
  }

  private static Assignment.Migrations placeholders(
      Bundle bundle, String head, Map<String, String> values) {
    return new Assignment.Migrations(bundle.digest(), head, null, values, false, null, null);
  }

  private static Assignment.Migrations baseline(Bundle bundle, String head) {
    return new Assignment.Migrations(bundle.digest(), head, "40", null, false, null, null);
  }

  private static Assignment.Migrations realign(Bundle bundle, String... versions) {
    return new Assignment.Migrations(
        bundle.digest(), "2", null, null, false, List.of(versions), null);
  }

  private static Assignment.Migrations code(Bundle bundle, String head, String version) {
    return new Assignment.Migrations(bundle.digest(), head, null, null, false, null, version);
  }
}
