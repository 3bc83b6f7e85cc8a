package dev.fleetway.sandbox.scenario;

import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxFixture;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class SandboxCarefulReleaseIT extends CarefulReleaseScenario {
  private Sandbox sandbox;

  @Override
  protected FleetPlace place() {
    sandbox = SandboxFixture.onEmbeddedApi("careful-release");
    return new SandboxPlace(sandbox, new FleetShape(10, List.of(100), 1, 0));
  }

  @AfterAll
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }
}
