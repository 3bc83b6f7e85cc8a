package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.database.session.StopSwitch;
import dev.fleetway.runner.testing.TestPostgres;
import dev.fleetway.runner.testing.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a server's own log says that it was asked to do: for a tenant whose every name is as hostile
 * as the patterns and the server admit, the same statements as for a tenant with plain names, but
 * for the names, each of them in quotes.
 */
class StatementLogIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOSTILE_USER = "o'neil\"; DROP TABLE t; -- \\ $$ ü";
  private static final String HOSTILE_PASSWORD = "p'\"; DROP TABLE t; -- \\ $$ = % ü";
  private static final String HOSTILE_NAME = "Select-1--$x$";
  private static final String HOSTILE_SCHEMA = "Table-0--$y$";
  private static final String HOSTILE_ROLE = "All-2--$z$";

  private static TestPostgres server;
  private static ScheduledExecutorService timer;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    server =
        TestPostgres.start(
            TestPostgres.Version.NEWEST,
            Map.of(
                "logging_collector", "on",
                "log_destination", "jsonlog",
                "log_directory", "log",
                "log_filename", "all",
                "log_statement", "all"));
    timer = Executors.newScheduledThreadPool(1);
  }

  @AfterAll
  static void stop() {
    timer.shutdownNow();
    server.close();
  }

  @Test
  void hostileNamesAskTheServerForNothingMore() throws IOException {
    List<String> plain =
        statements("plain", "plain-password", "plaindb", "plainschema", "plainrole");
    List<String> hostile =
        statements(HOSTILE_USER, HOSTILE_PASSWORD, HOSTILE_NAME, HOSTILE_SCHEMA, HOSTILE_ROLE);

    assertThat(plain)
        .hasSizeGreaterThan(10)
        .anyMatch(sql -> sql.contains("CREATE TABLE t (a int)"))
        .anyMatch(sql -> sql.contains("CREATE INDEX CONCURRENTLY"))
        .anyMatch(sql -> sql.contains("\"<schema>\""))
        .anyMatch(sql -> sql.contains("SET ROLE '<role>'"));
    assertThat(hostile).isEqualTo(plain);
  }

  /** The statements of a migration and of a plan, with words in the place of the names. */
  private List<String> statements(
      String user, String password, String name, String schema, String role) throws IOException {
    create(user, password, name, schema, role);
    Path credentials = Files.createDirectories(directory.resolve(schema));
    TestTenants.writeLogin(credentials, "tenant-db", user, password);
    TenantSpec.Database like = TestTenants.database(server, "tenant");
    TenantSpec.Database database =
        new TenantSpec.Database(
            like.host(),
            like.port(),
            name,
            schema,
            List.of(schema),
            role,
            like.sslMode(),
            like.credentialsSecretRef());
    Path scripts = Files.createDirectories(directory.resolve("scripts"));
    Files.writeString(scripts.resolve("V1__t.sql"), "CREATE TABLE t (a int);");
    Files.writeString(scripts.resolve("V2__i.sql"), "CREATE INDEX CONCURRENTLY i ON t (a);");
    Bundle bundle = BundleReader.read(scripts);

    assertThat(perform(work(bundle, Mode.Plan, credentials), database))
        .isEqualTo(Outcome.Succeeded);
    assertThat(perform(work(bundle, Mode.Apply, credentials), database))
        .isEqualTo(Outcome.Succeeded);
    assertThat(perform(work(bundle, Mode.Apply, credentials), database))
        .isEqualTo(Outcome.AlreadyCurrent);
    return logged(user).stream()
        .map(sql -> sql.replace('"' + schema + '"', "\"<schema>\""))
        .map(sql -> sql.replace("'" + role + "'", "'<role>'"))
        // Flyway makes the key of its lock out of the schema's name.
        .map(sql -> sql.replaceAll("(_lock|_unlock)\\(\\d+\\)", "$1(<key>)"))
        .toList();
  }

  private static void create(
      String user, String password, String name, String schema, String role) {
    server.execute("postgres", "CREATE DATABASE " + quoted(name));
    server.execute(
        name,
        "CREATE ROLE %1$s; CREATE SCHEMA %2$s AUTHORIZATION %1$s;"
                .formatted(quoted(role), quoted(schema))
            + " CREATE ROLE %s LOGIN PASSWORD '%s' IN ROLE %s"
                .formatted(quoted(user), password.replace("'", "''"), quoted(role)));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static Outcome perform(TenantWork work, TenantSpec.Database database) {
    return work.perform(
            new Assignment.Member("acme", "uid", 0, database), new StopSwitch(timer), retry -> {})
        .orElseThrow()
        .outcome();
  }

  private static TenantWork work(Bundle bundle, Mode mode, Path credentials) {
    Assignment assignment =
        new Assignment(
            "shop",
            "v2",
            "run-uid",
            1,
            1,
            mode,
            Assignment.Migrations.upTo(bundle.digest(), "2"),
            new Assignment.Limits(1, 1, 60_000, 30_000, 0, 1),
            List.of(),
            List.of());
    return mode == Mode.Plan
        ? new TenantSurvey(
            assignment, bundle, bundle.newest(), credentials, Clock.systemUTC(), System::nanoTime)
        : new TenantMigration(
            assignment, bundle, bundle.newest(), credentials, Clock.systemUTC(), System::nanoTime);
  }

  private static List<String> logged(String user) throws IOException {
    String log = server.query("postgres", "SELECT pg_read_file('log/all.json')").get(0);
    List<String> statements = new ArrayList<>();
    for (String line : log.lines().toList()) {
      JsonNode entry = JSON.readTree(line);
      if (entry.path("user").asText().equals(user)
          && entry.path("error_severity").asText().equals("LOG")) {
        statements.add(entry.path("message").asText());
      }
    }
    return statements;
  }
}
