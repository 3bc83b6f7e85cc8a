package dev.fleetway.sandbox.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxFixture;
import dev.fleetway.sandbox.fleet.Fleet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A few tenants with databases of their own, on a sandbox that ends with the test. */
abstract class FleetOnSandbox {
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final List<String> tenants;
  private Sandbox sandbox;
  private FleetPlace place;

  FleetOnSandbox(List<String> tenants) {
    this.tenants = List.copyOf(tenants);
  }

  /** Starts the sandbox, with an empty database for each tenant. */
  final void begin(String name) {
    sandbox = SandboxFixture.onEmbeddedApi(name);
    int size = tenants.size();
    place = new SandboxPlace(sandbox, new FleetPlace.FleetShape(size, List.of(size), 1, 0));
    sandbox.postgres().createDatabases(tenants.stream().map(Fleet::database).toList());
    applyFleet();
  }

  @AfterEach
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  /** Applies the manifests of all tenants, and of their Secrets. */
  final void applyFleet() {
    FleetPlace.Server server = place.server();
    new Fleet(
            place.namespace(),
            tenants,
            server.host(),
            server.port(),
            server.user(),
            server.password())
        .manifests()
        .forEach(manifest -> place.apply(Serialization.asYaml(manifest)));
  }

  final Sandbox sandbox() {
    return sandbox;
  }

  final FleetPlace place() {
    return place;
  }

  /** The run, once it has finished or was aborted. */
  final JsonNode finished(String run) {
    assertThat(place.awaitCondition("tenantmigrationruns", run, "Finished", PATIENCE))
        .as("run %s finishes: %s", run, run(run).path("status"))
        .isTrue();
    return run(run);
  }

  final JsonNode run(String name) {
    return place.get("tenantmigrationruns", name).orElseThrow();
  }

  final JsonNode tenant(String name) {
    return place.get("tenants", name).orElseThrow();
  }
}
