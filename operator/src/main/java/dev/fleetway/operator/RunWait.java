package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the chart's own test asks: did the run that it created succeed? */
final class RunWait {
  private static final int FAILURES = 3;

  private RunWait() {}

  /** What went wrong; empty once the run has succeeded. */
  static Optional<String> complaint(
      KubernetesClient client, String namespace, String name, Duration patience) {
    TenantMigrationRun run;
    try {
      run =
          client
              .resources(TenantMigrationRun.class)
              .inNamespace(namespace)
              .withName(name)
              .waitUntilCondition(RunWait::hasEnded, patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      return Optional.of(
          "Run %s/%s did not end within %s: kubectl -n %s describe tmr %s"
              .formatted(namespace, name, patience, namespace, name));
    }
    Phase phase = run.getStatus().phase();
    return phase == Phase.Succeeded
        ? Optional.empty()
        : Optional.of("Run %s/%s is %s: %s".formatted(namespace, name, phase, why(run)));
  }

  /** What the run says, and of its failures the first ones. */
  private static String why(TenantMigrationRun run) {
    Condition ready = run.getStatus().condition("Ready");
    return Stream.concat(
            Stream.of(ready == null ? "" : ready.message()),
            run.getStatus().failures().stream()
                .limit(FAILURES)
                .map(
                    failure ->
                        "  tenant %s: %s: %s"
                            .formatted(failure.tenant(), failure.reason(), failure.message())))
        .collect(Collectors.joining("\n"));
  }

  private static boolean hasEnded(TenantMigrationRun run) {
    return run != null
        && run.getStatus() != null
        && run.getStatus().phase() != null
        && run.getStatus().phase().isEnded();
  }
}
