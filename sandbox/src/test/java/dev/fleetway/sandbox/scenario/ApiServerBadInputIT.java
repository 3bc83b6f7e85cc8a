package dev.fleetway.sandbox.scenario;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxFixture;

@RealApiServer
class ApiServerBadInputIT extends BadInputContract {
  private final ApiServer server;

  ApiServerBadInputIT(ApiServer server) {
    this.server = server;
  }

  @Override
  Sandbox startSandbox() {
    return SandboxFixture.on(server, "bad-input");
  }
}
