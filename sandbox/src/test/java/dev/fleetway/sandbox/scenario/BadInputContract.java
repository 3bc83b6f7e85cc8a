package dev.fleetway.sandbox.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.fleet.Bundle;
import dev.fleetway.sandbox.fleet.Fleet;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Bad input, and what it gets: the list of the project's first milestone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BadInputContract {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String TENANT = "tenant-001";

  private Sandbox sandbox;
  private FleetPlace place;

  abstract Sandbox startSandbox();

  @BeforeAll
  void start() {
    sandbox = startSandbox();
    place = new SandboxPlace(sandbox, new FleetPlace.FleetShape(1, List.of(1), 1, 0));
    sandbox.postgres().createDatabases(List.of(Fleet.database(TENANT)));
    fleet(List.of(TENANT)).manifests().forEach(this::apply);
    bundle("good", Map.of("V1__a.sql", "CREATE TABLE a (id int);"));
  }

  @AfterAll
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  private Fleet fleet(List<String> tenants) {
    FleetPlace.Server server = place.server();
    return new Fleet(
        place.namespace(), tenants, server.host(), server.port(), server.user(), server.password());
  }

  private void apply(HasMetadata manifest) {
    place.apply(Serialization.asYaml(manifest));
  }

  private void bundle(String name, Map<String, String> scripts) {
    apply(new Bundle(new TreeMap<>(scripts)).toConfigMap(place.namespace(), name));
  }

  private void run(String name, String bundle, String more) {
    place.apply(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: %s}
        spec:
          migrations: {configMapRefs: [{name: %s}]}
        %s
        """
            .formatted(name, bundle, more.indent(2)));
  }

  private JsonNode finished(String run) {
    assertThat(place.awaitCondition("tenantmigrationruns", run, "Finished", PATIENCE))
        .as("%s", status(run))
        .isTrue();
    return status(run);
  }

  private JsonNode status(String run) {
    return place.get("tenantmigrationruns", run).orElseThrow().path("status");
  }

  private static JsonNode ready(JsonNode status) {
    return StreamSupport.stream(status.path("conditions").spliterator(), false)
        .filter(condition -> condition.path("type").asText().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }

  private void assertInvalidBundle(String run, String... words) {
    JsonNode status = finished(run);
    assertThat(status.path("phase").asText()).isEqualTo("Aborted");
    assertThat(ready(status).path("reason").asText()).isEqualTo("InvalidBundle");
    assertThat(ready(status).path("message").asText()).contains(words);
    assertThat(place.list("jobs", "fleetway.dev/run=" + run + ",fleetway.dev/component=cohort"))
        .isEmpty();
  }

  @Test
  void anEmptySelectionSucceedsAtOnceAndSaysThatNoTenantMatched() {
    run("empty", "good", "tenants: {selector: {matchLabels: {tier: none}}}");

    JsonNode status = finished("empty");

    assertThat(status.path("phase").asText()).isEqualTo("Succeeded");
    assertThat(status.at("/totals/tenants").asInt()).isZero();
    assertThat(ready(status).path("message").asText()).containsIgnoringCase("no tenant");
  }

  @Test
  void aBundleWithoutFilesIsInvalid() {
    bundle("nothing", Map.of());
    run("nothing", "nothing", "");

    assertInvalidBundle("nothing", "no file");
  }

  @Test
  void aBundleWithAFileThatIsNoSqlIsInvalid() {
    bundle("shell", Map.of("V1__a.sql", "SELECT 1;", "V2__b.sh", "exit 0"));
    run("shell", "shell", "");

    assertInvalidBundle("shell", "V2__b.sh");
  }

  @Test
  void aBundleWithTwoFilesOfOneVersionIsInvalid() {
    bundle("twice", Map.of("V1__a.sql", "SELECT 1;", "V1__b.sql", "SELECT 2;"));
    run("twice", "twice", "");

    assertInvalidBundle("twice", "V1__a.sql", "V1__b.sql");
  }

  @Test
  void anUnknownTargetVersionIsRefusedWithTheVersionsThatExist() {
    bundle("versions", Map.of("V7__a.sql", "SELECT 1;", "V8__b.sql", "SELECT 2;"));
    run("target", "versions", "targetVersion: \"9\"");

    assertInvalidBundle("target", "9", "7", "8");
  }

  @Test
  void unreachableTenantsFailWithTheirReasonWhileTheOthersGoOn() {
    List<String> tenants =
        List.of("refused", "unknown-host", "wrong-password", "no-database", "no-secret", "healthy");
    sandbox.postgres().createDatabases(tenants.stream().map(Fleet::database).toList());
    fleet(tenants).manifests().forEach(this::apply);
    place.mergePatch("tenants", "refused", "{\"spec\":{\"database\":{\"port\":1}}}");
    place.mergePatch(
        "tenants", "unknown-host", "{\"spec\":{\"database\":{\"host\":\"db.invalid\"}}}");
    place.mergePatch("secrets", "wrong-password-db", "{\"stringData\":{\"password\":\"x\"}}");
    place.execute("postgres", "DROP DATABASE no_database");
    place.delete("secrets", "no-secret-db");

    run(
        "mixed",
        "good",
        "tenants: {names: ["
            + String.join(", ", tenants)
            + "]}\nrollout: {abortRate: 100%}\nexecution: {tenantTimeout: 5s}");
    JsonNode status = finished("mixed");

    assertThat(status.path("phase").asText()).isEqualTo("CompletedWithFailures");
    Map<String, String> reasons = new TreeMap<>();
    status
        .path("failures")
        .forEach(f -> reasons.put(f.path("tenant").asText(), f.path("reason").asText()));
    assertThat(reasons)
        .isEqualTo(
            Map.of(
                "refused", "ConnectionRefused",
                "unknown-host", "HostUnknown",
                "wrong-password", "AuthenticationFailed",
                "no-database", "DatabaseMissing",
                "no-secret", "SecretMissing"));
    assertThat(reasons.values())
        .allSatisfy(reason -> assertThat(TenantReason.valueOf(reason).hint()).isNotBlank());
    assertThat(place.query("healthy", "SELECT version FROM flyway_schema_history"))
        .containsExactly(List.of("1"));
  }

  @Test
  void anAddressWithForbiddenCharactersIsRefusedByTheApiServer() {
    assertThatThrownBy(
            () ->
                place.mergePatch(
                    "tenants",
                    TENANT,
                    "{\"spec\":{\"database\":{\"host\":\"h/db?socketFactory=x\"}}}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("spec.database.host");
  }

  @Test
  void aRunWhoseImageCannotBePulledSaysSoWithTheKubeletsReason() {
    place.apply(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: image}
        spec:
          migrations: {image: {reference: "example.test/migrations:1"}}
        """);

    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              JsonNode ready = ready(status("image"));
              assertThat(ready.path("reason").asText()).isEqualTo("ImagePullFailed");
              assertThat(ready.path("message").asText()).contains("no container runtime");
            });
  }
}
