package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.database.session.StopSwitch;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a pod does with each of its tenants. One per pod, used by many threads. */
public interface TenantWork {
  /** These tenants will come, each once: tenants of one database can then share sessions. */
  default void expect(List<Assignment.Member> members) {}

  /** No further tenant will come: nothing is kept for one. It does not wait. */
  default void release() {}

  /**
   * Tries until the tenant is done, or its failure will not pass by itself, or its time is over.
   *
   * @param onRetry hears of each try that failed and is followed by another one
   * @return what came of it; empty when the pod's end stopped it, and so nothing is final
   */
  Optional<? extends TenantReport> perform(
      Assignment.Member member, StopSwitch stop, Consumer<Tries.Retry> onRetry);
}
