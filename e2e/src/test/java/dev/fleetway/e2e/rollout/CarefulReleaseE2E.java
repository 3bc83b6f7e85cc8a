package dev.fleetway.e2e.rollout;

import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.sandbox.scenario.CarefulReleaseScenario;
import dev.fleetway.sandbox.scenario.FleetPlace;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plan, canaries, promotion, gate and shards on a real cluster, with kubectl only. */
class CarefulReleaseE2E extends CarefulReleaseScenario {
  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(10, List.of(100), 1, 0));

  @Override
  protected FleetPlace place() {
    return CLUSTER.place();
  }
}
