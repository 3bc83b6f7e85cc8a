package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the chart asks before it removes the operator: a run at work would lose the one who counts
 * its failures and opens its gates, and its finalizer the only one who takes it away.
 */
final class UninstallCheck {
  private UninstallCheck() {}

  /** Why the operator of these namespaces must stay; empty when it may go. No names: all. */
  static Optional<String> refusal(KubernetesClient client, List<String> namespaces) {
    Stream<TenantMigrationRun> runs =
        namespaces.isEmpty()
            ? client.resources(TenantMigrationRun.class).inAnyNamespace().list().getItems().stream()
            : namespaces.stream()
                .flatMap(
                    name ->
                        client
                            .resources(TenantMigrationRun.class)
                            .inNamespace(name)
                            .list()
                            .getItems()
                            .stream());
    return refusal(runs.toList());
  }

  static Optional<String> refusal(List<TenantMigrationRun> runs) {
    String going =
        runs.stream()
            .filter(UninstallCheck::needsTheOperator)
            .map(
                run ->
                    "  %s/%s is %s\n"
                        .formatted(
                            run.getMetadata().getNamespace(),
                            run.getMetadata().getName(),
                            phase(run)))
            .collect(Collectors.joining());
    return going.isEmpty()
        ? Optional.empty()
        : Optional.of(
            """
            The operator must stay while a run is going or holds tenants read-only:
            %sWait for them (kubectl wait --for=condition=Finished tmr/<name>), or end them (kubectl patch \
            tmr <name> --type merge -p '{"spec":{"abort":true}}'), then uninstall again. Nothing was removed.
            """
                .formatted(going));
  }

  /**
   * A finalizer tells of a live Job or a gate, whatever the phase. Without one a suspended run is
   * at rest: another installation can go on with it.
   */
  private static boolean needsTheOperator(TenantMigrationRun run) {
    return run.hasFinalizer(RunNames.FINALIZER)
        || (List.of(Phase.Pending, Phase.Running).contains(phase(run)) && !run.getSpec().suspend());
  }

  private static Phase phase(TenantMigrationRun run) {
    return run.getStatus() == null || run.getStatus().phase() == null
        ? Phase.Pending
        : run.getStatus().phase();
  }
}
