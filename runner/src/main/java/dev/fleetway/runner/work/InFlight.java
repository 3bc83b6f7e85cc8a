package dev.fleetway.runner.work;

import dev.fleetway.runner.database.session.StopSwitch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The tenants in work. */
final class InFlight {
  private final Map<String, StopSwitch> tenants = new ConcurrentHashMap<>();

  void add(String tenant, StopSwitch stop) {
    tenants.put(tenant, stop);
  }

  void remove(String tenant) {
    tenants.remove(tenant);
  }

  List<String> names() {
    return tenants.keySet().stream().sorted().toList();
  }

  /** None of them is tried again. */
  void drainAll() {
    tenants.values().forEach(StopSwitch::drain);
  }

  /** Cancels all of them; they leave no outcome. */
  void stopAll() {
    tenants.values().forEach(stop -> stop.stop(StopSwitch.Cause.SHUTDOWN));
  }
}
