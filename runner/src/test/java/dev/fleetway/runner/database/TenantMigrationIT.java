package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.Provokes;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Migrations that work, and what they may reach. */
class TenantMigrationIT extends OnEveryPostgres {
  @Test
  void runsOnTheVersionThatItClaims() {
    String major = server().query("postgres", "SHOW server_version_num").get(0).substring(0, 2);

    assertThat(major).isEqualTo(version() == TestPostgres.Version.V15 ? "15" : "18");
  }

  @Test
  void migratesAnEmptyDatabaseToTheHead() {
    TenantSpec.Database database = tenant("fresh");

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(result.fromVersion()).isNull();
    assertThat(result.state()).contains(new TenantResult.SchemaState("112", "2.14.0", true));
    assertThat(result.migrations()).hasSize(12).last().matches(m -> m.version().equals("112"));
    assertThat(
            server()
                .query(
                    "fresh",
                    "SELECT indisvalid::text FROM pg_index WHERE indexrelid ="
                        + " 'orders_by_customer'::regclass"))
        .containsExactly("true");
  }

  @Test
  void stopsAtTheTargetVersion() {
    TenantSpec.Database database = tenant("target");

    TenantResult result = migrate(bundle(), "109", database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(result.state()).contains(new TenantResult.SchemaState("109", null, true));
  }

  @Test
  void aConfBesideTheScriptTakesItOutOfTheTransaction() throws IOException {
    TenantSpec.Database database = tenant("conf");
    Bundle bundle =
        bundleOf(
            "V1__a.sql",
            "CREATE TABLE kept (a int); SELECT 1/0;",
            "V1__a.sql.conf",
            "executeInTransaction=false");

    TenantResult result = migrate(bundle, "1", database);

    assertThat(result.sqlState()).isEqualTo("22012");
    assertThat(server().query("conf", "SELECT tablename FROM pg_tables WHERE tablename = 'kept'"))
        .containsExactly("kept");
  }

  @Test
  @Provokes(TenantReason.SchemaMissing)
  void reachesOnlyItsOwnSchemaAndNeverCreatesOne() throws IOException {
    tenant("schemas");
    server().execute("schemas", "CREATE SCHEMA acme AUTHORIZATION \"schemas-owner\"");
    Bundle bundle =
        bundleOf(
            "V1__lost.sql",
            "SELECT set_config('search_path', 'public', false);",
            "V2__t.sql",
            "CREATE TABLE unqualified (a int);");

    TenantResult own = migrate(bundle, "2", inSchema("schemas", "acme"));
    TenantResult missing = migrate(bundle, "2", inSchema("schemas", "nobody"));

    assertThat(own.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(
            server()
                .query(
                    "schemas", "SELECT schemaname FROM pg_tables WHERE tablename = 'unqualified'"))
        .containsExactly("acme");
    assertThat(missing.reason()).isEqualTo(TenantReason.SchemaMissing);
    assertThat(
            server().query("schemas", "SELECT nspname FROM pg_namespace WHERE nspname = 'nobody'"))
        .isEmpty();
  }

  @Test
  void functionsThatHideThoseOfTheServerAreNotCalled() throws IOException {
    TenantSpec.Database database = tenant("hidden");
    server()
        .execute(
            "hidden",
            """
            CREATE SCHEMA trap;
            GRANT USAGE ON SCHEMA trap TO PUBLIC;
            CREATE FUNCTION trap.set_config(text, text, boolean) RETURNS text
              LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
            CREATE FUNCTION trap.version() RETURNS text
              LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
            CREATE FUNCTION trap.same(text, text) RETURNS boolean
              LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
            CREATE OPERATOR trap.= (FUNCTION = trap.same, LEFTARG = text, RIGHTARG = text);
            CREATE OPERATOR trap.~~ (FUNCTION = trap.same, LEFTARG = text, RIGHTARG = text);
            ALTER DATABASE hidden SET search_path = trap, pg_catalog, public;
            """);

    TenantResult result = migrate(bundleOf("V1__t.sql", "CREATE TABLE t (a int);"), "1", database);

    assertThat(result.message()).isNull();
    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
  }

  @Test
  void aScriptThatHidesTheServersFunctionsDoesNotCatchTheNextScriptsSettings() throws IOException {
    TenantSpec.Database database = tenant("hiding");
    Bundle bundle =
        bundleOf(
            "V1__hide.sql",
            """
            CREATE TABLE caught (setting text);
            CREATE FUNCTION set_config(text, text, boolean) RETURNS text
              LANGUAGE sql AS $$ INSERT INTO public.caught VALUES ($1) RETURNING $2 $$;
            SELECT pg_catalog.set_config('search_path', 'public, pg_catalog', false);
            """,
            "V2__path.sql",
            "CREATE TABLE path AS SELECT pg_catalog.current_setting('search_path') AS schemas;");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(server().query("hiding", "SELECT schemas FROM path")).containsExactly("\"public\"");
    assertThat(server().query("hiding", "SELECT setting FROM caught"))
        .doesNotContain("lock_timeout", "statement_timeout");
  }

  @Test
  void objectsBelongToTheRoleOfTheTenant() {
    TenantSpec.Database login = tenant("roles");
    server()
        .execute(
            "roles",
            "CREATE ROLE roles_group; GRANT roles_group TO \"roles-owner\"; GRANT"
                + " CREATE ON SCHEMA public TO roles_group");
    TenantSpec.Database database =
        TestTenants.database(login.host(), login.port(), "roles", "public", "roles_group");

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(
            server()
                .query(
                    "roles",
                    "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
        .containsExactly("roles_group");
  }

  @Test
  void opensOneConnectionForAllOfATenantsWork() throws IOException {
    TenantSpec.Database database = tenant("single");
    // on a slow machine somebody may look who is in the way
    String backends =
        " pg_stat_activity WHERE datname = 'single' AND application_name <> 'fleetway v112 watch';";
    Bundle bundle =
        bundleOf(
            "V1__seen.sql",
            "CREATE TABLE seen AS SELECT count(*) AS backends, min(application_name) AS name FROM"
                + backends,
            "V2__seen.sql",
            "INSERT INTO seen SELECT count(*), min(application_name) FROM" + backends);

    migrate(bundle, "2", database);

    assertThat(server().query("single", "SELECT backends || ' ' || name FROM seen"))
        .containsExactly("1 fleetway v112", "1 fleetway v112");
    Awaitility.await()
        .until(
            () ->
                server()
                    .query(
                        "postgres",
                        "SELECT pid::text FROM pg_stat_activity WHERE datname = 'single'")
                    .isEmpty());
  }

  @Test
  void placeholdersAreNotReplaced() throws IOException {
    TenantSpec.Database database = tenant("placeholder");

    TenantResult result =
        migrate(
            bundleOf("V1__p.sql", "CREATE TABLE p AS SELECT '${literal}' AS text;"), "1", database);

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(server().query("placeholder", "SELECT text FROM p")).containsExactly("${literal}");
  }

  private TenantSpec.Database inSchema(String database, String schema) {
    return TestTenants.database(server().host(), server().port(), database, schema, null);
  }
}
