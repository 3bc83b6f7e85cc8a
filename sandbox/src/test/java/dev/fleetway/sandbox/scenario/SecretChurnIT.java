package dev.fleetway.sandbox.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.fleet.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Secrets that change under a cohort at work, with real pods and passwords that are checked. */
class SecretChurnIT extends FleetOnSandbox {
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

  SecretChurnIT() {
    super(TENANTS);
  }

  @Test
  void aTenantIsMigratedWithTheSecretThatThereIsWhenItsTurnComes() throws Exception {
    begin("secret-churn");
    String tenant = TENANTS.get(1);
    try (Connection owner = superuser("postgres");
        Statement statement = owner.createStatement();
        Connection session = superuser(Fleet.database(TENANTS.get(0)));
        Statement lock = session.createStatement()) {
      statement.execute("CREATE ROLE rotating LOGIN SUPERUSER PASSWORD 'first'");
      secret(tenant, "first");
      lock.execute("SELECT pg_advisory_lock(" + LOCK + ")");
      place().apply(MANIFESTS);
      await("the first tenant waits for the lock").atMost(PATIENCE).until(() -> waiters() == 1);

      statement.execute("ALTER ROLE rotating PASSWORD 'second'");
      secret(tenant, "second");
      place().delete("secrets", TENANTS.get(2) + "-db");
      await("the pod sees the Secrets of now")
          .atMost(PATIENCE)
          .until(() -> mounted(tenant).equals("second") && mounted(TENANTS.get(2)).isEmpty());
    }
    assertThat(phase()).isEqualTo("CompletedWithFailures");
    assertThat(lastRun(0).path("outcome").asText()).isEqualTo("Succeeded");
    assertThat(lastRun(1).path("outcome").asText()).as("rotated").isEqualTo("Succeeded");
    assertThat(lastRun(2).path("reason").asText()).as("removed").isEqualTo("SecretMissing");

    applyFleet();
    place().mergePatch("tenantmigrationruns", "v1", "{\"spec\":{\"attempt\":2}}");
    await("attempt 2 ends").atMost(PATIENCE).until(() -> phase().equals("Succeeded"));
    assertThat(lastRun(1).path("attempt").asInt()).as("was done").isEqualTo(1);
    assertThat(lastRun(2).path("attempt").asInt()).isEqualTo(2);
  }

  private void secret(String tenant, String password) {
    place()
        .mergePatch(
            "secrets",
            tenant + "-db",
            "{\"stringData\":{\"username\":\"rotating\",\"password\":\"%s\"}}".formatted(password));
  }

  private Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s"
            .formatted(place().server().host(), place().server().port(), database),
        "postgres",
        "");
  }

  private int waiters() {
    return Integer.parseInt(
        place()
            .query(
                "postgres",
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            .get(0)
            .get(0));
  }

  /** The password that the pod at work would read now; empty for none. */
  private String mounted(String tenant) throws IOException {
    Path pods = sandbox().kubeconfig().resolveSibling("pods");
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

  private String phase() {
    return finished("v1").at("/status/phase").asText();
  }

  private JsonNode lastRun(int tenant) {
    return tenant(TENANTS.get(tenant)).at("/status/lastRun");
  }
}
