package dev.fleetway.operator.observe;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.operator.model.Gate;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RivalRun;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the other runs, from the API server: what they do now must not be taken from a cache. */
final class Neighbours {
  /** Runs are never cleaned up, and each may be 100 KiB: only what is needed is kept of a page. */
  private static final long PAGE = 50;

  private final KubernetesClient client;
  private final RunArchive archive;

  Neighbours(KubernetesClient client, RunArchive archive) {
    this.client = client;
    this.archive = archive;
  }

  /** The runs that may be in the way of this one. */
  List<RivalRun> rivals(String namespace, RunNames own) {
    return read(
        client.resources(TenantMigrationRun.class).inNamespace(namespace),
        run ->
            run.getMetadata().getUid().equals(own.runUid())
                ? Optional.empty()
                : RivalRun.of(run, Optional.empty())
                    .flatMap(rival -> RivalRun.of(run, planned(run))));
  }

  private Optional<Set<String>> planned(TenantMigrationRun run) {
    return Optional.ofNullable(status(run).planHash())
        .flatMap(hash -> archive.plan(run.getMetadata().getNamespace(), names(run), hash))
        .map(Neighbours::tenants);
  }

  /** The existing tenants of a plan. */
  private static Set<String> tenants(RolloutPlan plan) {
    return plan.cohorts().stream()
        .flatMap(List::stream)
        .filter(tenant -> tenant.uid() != null)
        .map(PlannedTenant::name)
        .collect(Collectors.toSet());
  }

  /** The gates that runs of these namespaces have; of all namespaces when none is named. */
  List<Gate> gates(List<String> namespaces) {
    var runs = client.resources(TenantMigrationRun.class);
    return namespaces.isEmpty()
        ? read(runs.inAnyNamespace(), this::gate)
        : namespaces.stream()
            .flatMap(namespace -> read(runs.inNamespace(namespace), this::gate).stream())
            .toList();
  }

  private Optional<Gate> gate(TenantMigrationRun run) {
    Optional<Cohort> cohort = Gate.cohort(run.getSpec(), status(run));
    String namespace = run.getMetadata().getNamespace();
    return cohort.map(
        found ->
            Gate.of(
                namespace,
                run.getMetadata().getName(),
                archive.assignment(namespace, names(run), found.number(), found.attempt())));
  }

  private static RunNames names(TenantMigrationRun run) {
    return new RunNames(run.getMetadata().getName(), run.getMetadata().getUid());
  }

  private static TenantMigrationRunStatus status(TenantMigrationRun run) {
    return Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
  }

  private static <T> List<T> read(
      AnyNamespaceOperation<
              TenantMigrationRun,
              KubernetesResourceList<TenantMigrationRun>,
              Resource<TenantMigrationRun>>
          runs,
      Function<TenantMigrationRun, Optional<T>> wanted) {
    List<T> found = new ArrayList<>();
    String page = null;
    do {
      var list = runs.list(new ListOptionsBuilder().withLimit(PAGE).withContinue(page).build());
      list.getItems().forEach(run -> wanted.apply(run).ifPresent(found::add));
      page = list.getMetadata().getContinue();
    } while (page != null && !page.isEmpty());
    return found;
  }
}
