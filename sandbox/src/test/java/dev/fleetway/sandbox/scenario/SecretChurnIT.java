package dev.fleetway.sandbox.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxFixture;
import dev.fleetway.sandbox.fleet.Fleet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Secrets that change under a cohort at work, with real pods and passwords that are checked. */
class SecretChurnIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> TENANTS = Fleet.names(3);
  private static final int LOCK = 7;

  private static final String MANIFESTS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: bundle}
      data:
        V1__a.sql: "SELECT pg_advisory_xact_lock(%d); CREATE TABLE a (id int);"
      ---
      apiVersion: fleetway.dev/v1alpha1
      kind: TenantMigrationRun
      metadata: {name: v1}
      spec:
        migrations: {configMapRefs: [{name: bundle}]}
        rollout: {cohortSizes: [3], abortRate: 50%%}
        execution: {concurrency: 1, lockTimeout: 90s}
      """
          .formatted(LOCK);

  private Sandbox sandbox;
  private FleetPlace place;

  @AfterEach
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void aTenantIsMigratedWithTheSecretThatThereIsWhenItsTurnComes() throws Exception {
    begin();
    String tenant = TENANTS.get(1);
    try (Connection owner = superuser("postgres");
        Statement statement = owner.createStatement();
        Connection session = superuser(Fleet.database(TENANTS.get(0)));
        Statement lock = session.createStatement()) {
      statement.execute("CREATE ROLE rotating LOGIN SUPERUSER PASSWORD 'first'");
      secret(tenant, "first");
      lock.execute("SELECT pg_advisory_lock(" + LOCK + ")");
      place.apply(MANIFESTS);
      await("the first tenant waits for the lock").atMost(PATIENCE).until(() -> waiters() == 1);

      statement.execute("ALTER ROLE rotating PASSWORD 'second'");
      secret(tenant, "second");
      place.delete("secrets", TENANTS.get(2) + "-db");
      await("the pod sees the Secrets of now")
          .atMost(PATIENCE)
          .until(() -> mounted(tenant).equals("second") && mounted(TENANTS.get(2)).isEmpty());
    }
    assertThat(finished().at("/status/phase").asText()).isEqualTo("CompletedWithFailures");
    assertThat(lastRun(0).path("outcome").asText()).isEqualTo("Succeeded");
    assertThat(lastRun(1).path("outcome").asText()).as("rotated").isEqualTo("Succeeded");
    assertThat(lastRun(2).path("reason").asText()).as("removed").isEqualTo("SecretMissing");

    fleet();
    place.mergePatch("tenantmigrationruns", "v1", "{\"spec\":{\"attempt\":2}}");
    await("attempt 2 ends")
        .atMost(PATIENCE)
        .until(() -> finished().at("/status/phase").asText().equals("Succeeded"));
    assertThat(lastRun(1).path("attempt").asInt()).as("was done").isEqualTo(1);
    assertThat(lastRun(2).path("attempt").asInt()).isEqualTo(2);
  }

  private void begin() {
    sandbox = SandboxFixture.onEmbeddedApi("secret-churn");
    place = new SandboxPlace(sandbox, new FleetPlace.FleetShape(3, List.of(3), 1, 0));
    sandbox.postgres().createDatabases(TENANTS.stream().map(Fleet::database).toList());
    fleet();
  }

  private void fleet() {
    FleetPlace.Server server = place.server();
    new Fleet(
            place.namespace(),
            TENANTS,
            server.host(),
            server.port(),
            server.user(),
            server.password())
        .manifests()
        .forEach(manifest -> place.apply(Serialization.asYaml(manifest)));
  }

  private void secret(String tenant, String password) {
    place.mergePatch(
        "secrets",
        tenant + "-db",
        "{\"stringData\":{\"username\":\"rotating\",\"password\":\"%s\"}}".formatted(password));
  }

  private Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s"
            .formatted(place.server().host(), place.server().port(), database),
        "postgres",
        "");
  }

  private int waiters() {
    return Integer.parseInt(
        place
            .query(
                "postgres",
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            .get(0)
            .get(0));
  }

  /** The password that the pod at work would read now; empty for none. */
  private String mounted(String tenant) throws IOException {
    Path pods = sandbox.kubeconfig().resolveSibling("pods");
    try (Stream<Path> each = Files.list(pods)) {
      List<Path> found =
          each.map(pod -> pod.resolve("root/fleetway/credentials"))
              .map(secrets -> secrets.resolve(tenant + "-db").resolve("password"))
              .filter(Files::exists)
              .toList();
      return found.isEmpty() ? "" : Files.readString(found.get(0));
    } catch (NoSuchFileException e) {
      return "between two of them";
    }
  }

  private JsonNode finished() {
    assertThat(place.awaitCondition("tenantmigrationruns", "v1", "Finished", PATIENCE)).isTrue();
    return place.get("tenantmigrationruns", "v1").orElseThrow();
  }

  private JsonNode lastRun(int tenant) {
    return place.get("tenants", TENANTS.get(tenant)).orElseThrow().at("/status/lastRun");
  }
}
