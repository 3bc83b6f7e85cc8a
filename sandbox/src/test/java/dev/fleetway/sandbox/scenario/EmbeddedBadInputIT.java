package dev.fleetway.sandbox.scenario;

import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxFixture;

class EmbeddedBadInputIT extends BadInputContract {
  @Override
  Sandbox startSandbox() {
    return SandboxFixture.onEmbeddedApi("bad-input");
  }
}
