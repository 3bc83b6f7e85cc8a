package dev.fleetway.sandbox.scenario;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxFixture;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

@RealApiServer
class ApiServerDemoScenarioIT extends DemoScenario {
  private final ApiServer server;
  private Sandbox sandbox;

  ApiServerDemoScenarioIT(ApiServer server) {
    this.server = server;
  }

  @Override
  protected FleetPlace place() {
    sandbox = SandboxFixture.on(server, "demo-scenario");
    return new SandboxPlace(sandbox, new FleetShape(30, List.of(5, 10, 15), 2, 3));
  }

  @AfterAll
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }
}
