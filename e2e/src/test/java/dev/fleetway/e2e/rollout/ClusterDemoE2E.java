package dev.fleetway.e2e.rollout;

import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.sandbox.scenario.DemoScenario;
import dev.fleetway.sandbox.scenario.FleetPlace;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The demo of the sandbox, on a real cluster and with kubectl only. */
class ClusterDemoE2E extends DemoScenario {
  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(30, List.of(4, 8, 10), 3, 3));

  @Override
  protected FleetPlace place() {
    return CLUSTER.place();
  }
}
