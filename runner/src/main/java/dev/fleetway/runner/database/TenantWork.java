package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import java.util.Optional;

/** What a pod does with each of its tenants. One per pod, used by many threads. */
public interface TenantWork {
  /** What came of it; empty when the pod's end stopped it, and so nothing is final. */
  Optional<? extends TenantReport> perform(Assignment.Member member, StopSwitch stop);
}
