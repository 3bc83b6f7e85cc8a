package dev.fleetway.sandbox.scenario;

import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxFixture;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class SandboxDemoScenarioIT extends DemoScenario {
  private Sandbox sandbox;

  @Override
  protected FleetPlace place() {
    sandbox = SandboxFixture.onEmbeddedApi("demo-scenario");
    return new SandboxPlace(sandbox, new FleetShape(60, List.of(5, 15, 20), 3, 4));
  }

  @AfterAll
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }
}
