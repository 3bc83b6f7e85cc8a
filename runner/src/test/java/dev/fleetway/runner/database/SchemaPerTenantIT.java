package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Several tenants in one database, each in its schema, beside tenants with their own database. */
class SchemaPerTenantIT extends OnEveryPostgres {
  @Test
  void schemasOfOneDatabaseAndAWholeDatabaseAreMigratedAtTheSameTime() throws IOException {
    schemas("shared", "acme", "bolt");
    TenantSpec.Database alone = tenant("alone");
    // Each waits until the other has begun: one after the other they would never end.
    Bundle bundle =
        bundleOf(
            "V1__here.sql",
            "CREATE TABLE here (a int);",
            "V2__wait.sql",
            """
            DO $$ BEGIN
              WHILE current_database() = 'shared' AND (SELECT count(*) FROM pg_catalog.pg_class
                  WHERE relname = 'here') < 2 LOOP
                PERFORM pg_sleep(0.02);
              END LOOP;
            END $$;
            """);

    List<TenantResult> results =
        together(bundle, "2", schema("shared", "acme"), schema("shared", "bolt"), alone);

    assertThat(results).extracting(TenantResult::outcome).containsOnly(Outcome.Succeeded);
    assertThat(
            server()
                .query(
                    "shared",
                    "SELECT schemaname || '.' || tablename FROM pg_tables WHERE tablename IN"
                        + " ('here', 'flyway_schema_history') ORDER BY 1"))
        .containsExactly(
            "acme.flyway_schema_history", "acme.here", "bolt.flyway_schema_history", "bolt.here");
  }

  @Test
  void onlyOneScriptWithoutATransactionRunsInADatabaseAtATime() throws IOException {
    schemas("turns", "acme", "bolt", "coil");
    server()
        .execute(
            "turns",
            "CREATE TABLE public.visits (who text, begun timestamptz, ended timestamptz);"
                + " GRANT ALL ON public.visits TO PUBLIC");
    Bundle bundle =
        bundleOf(
            "V1__visit.sql",
            """
            INSERT INTO public.visits (who, begun)
              VALUES (pg_catalog.current_schema(), pg_catalog.clock_timestamp());
            SELECT pg_sleep(0.3);
            UPDATE public.visits SET ended = pg_catalog.clock_timestamp()
              WHERE who = pg_catalog.current_schema();
            """,
            "V1__visit.sql.conf",
            "executeInTransaction=false");

    List<TenantResult> results =
        together(
            bundle, "1", schema("turns", "acme"), schema("turns", "bolt"), schema("turns", "coil"));

    assertThat(results).extracting(TenantResult::outcome).containsOnly(Outcome.Succeeded);
    assertThat(server().query("turns", "SELECT who FROM visits WHERE ended IS NOT NULL"))
        .hasSize(3);
    assertThat(
            server()
                .query(
                    "turns",
                    "SELECT a.who || b.who FROM visits a JOIN visits b ON a.who < b.who"
                        + " AND a.begun < b.ended AND b.begun < a.ended"))
        .isEmpty();
  }

  @Test
  void concurrentIndexesInEverySchemaOfADatabaseAllGetBuilt() throws IOException {
    schemas("indexes", "acme", "bolt", "coil");
    Bundle bundle =
        bundleOf(
            "V1__t.sql",
            "CREATE TABLE t AS SELECT generate_series(1, 20000) AS a;",
            "V2__i.sql",
            "CREATE INDEX CONCURRENTLY t_a ON t (a);");

    List<TenantResult> results =
        together(
            bundle,
            "2",
            schema("indexes", "acme"),
            schema("indexes", "bolt"),
            schema("indexes", "coil"));

    assertThat(results).extracting(TenantResult::outcome).containsOnly(Outcome.Succeeded);
    assertThat(
            server()
                .query(
                    "indexes",
                    "SELECT n.nspname || ' ' || i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid"
                        + " = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
                        + " c.relname = 't_a' ORDER BY 1"))
        .containsExactly("acme true", "bolt true", "coil true");
  }

  @Test
  void noUnqualifiedNameReachesPublicOrAnotherTenant() throws IOException {
    schemas("walls", "acme", "bolt");
    server()
        .execute(
            "walls",
            "CREATE TABLE public.prey (a int); GRANT ALL ON public.prey TO PUBLIC;"
                + " CREATE TABLE bolt.prey (a int); GRANT ALL ON bolt.prey TO PUBLIC;"
                + " GRANT USAGE ON SCHEMA bolt TO PUBLIC");

    TenantResult result =
        migrate(bundleOf("V1__p.sql", "DROP TABLE prey;"), "1", schema("walls", "acme"));

    assertThat(result.reason()).isEqualTo(TenantReason.SchemaDrift);
    assertThat(result.sqlState()).isEqualTo("42P01");
    assertThat(server().query("walls", "SELECT schemaname FROM pg_tables WHERE tablename = 'prey'"))
        .containsExactlyInAnyOrder("public", "bolt");
  }

  @Test
  void extensionSchemasAreReadAfterTheTenantsOwnAndNothingIsCreatedThere() throws IOException {
    schemas("tools", "acme");
    server()
        .execute(
            "tools",
            "CREATE SCHEMA ext; GRANT ALL ON SCHEMA ext TO PUBLIC;"
                + " CREATE FUNCTION ext.one() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                + " CREATE FUNCTION public.two() RETURNS int LANGUAGE sql AS 'SELECT 2'");
    TenantSpec.Database plain = schema("tools", "acme");
    TenantSpec.Database database =
        new TenantSpec.Database(
            plain.host(),
            plain.port(),
            plain.name(),
            plain.schema(),
            List.of("ext"),
            null,
            plain.sslMode(),
            plain.credentialsSecretRef());
    Bundle bundle =
        bundleOf(
            "V1__one.sql", "CREATE TABLE made AS SELECT one();", "V2__two.sql", "SELECT two();");

    TenantResult result = migrate(bundle, "2", database);

    assertThat(result.failedVersion()).isEqualTo("2");
    assertThat(result.sqlState()).isEqualTo("42883");
    assertThat(server().query("tools", "SELECT schemaname FROM pg_tables WHERE tablename = 'made'"))
        .containsExactly("acme");
  }

  private List<TenantResult> together(
      Bundle bundle, String head, TenantSpec.Database... databases) {
    TenantMigration migration =
        migration(bundle, Assignment.Migrations.upTo(bundle.digest(), head));
    List<CompletableFuture<TenantResult>> running =
        Stream.of(databases)
            .map(
                database ->
                    CompletableFuture.supplyAsync(
                        () -> migrate(migration, database), task -> new Thread(task).start()))
            .toList();
    return running.stream().map(CompletableFuture::join).toList();
  }

  private void schemas(String database, String... names) {
    tenant(database);
    for (String name : names) {
      server()
          .execute(
              database, "CREATE SCHEMA %s AUTHORIZATION \"%s-owner\"".formatted(name, database));
    }
  }

  private TenantSpec.Database schema(String database, String schema) {
    return TestTenants.database(server().host(), server().port(), database, schema, null);
  }
}
