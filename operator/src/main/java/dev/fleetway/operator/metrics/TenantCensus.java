package dev.fleetway.operator.metrics;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.model.SchemaVersion;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.plan.CohortPlanner;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the stored tenants say. Pure.
 *
 * <p>Where a tenant ought to be is what the newest run of mode Apply says that selects it, once
 * that run knows its head: while it goes on, tenants that wait for their cohort are behind.
 */
final class TenantCensus {
  private static final String NEVER = "None";
  private static final List<String> CAUSES = List.of("behind", "unseen", "failed");

  /** A run, and where it takes the tenants that it selects. */
  private record Aim(TenantMigrationRun run, SchemaVersion head) {
    static Optional<Aim> of(TenantMigrationRun run) {
      return run.getSpec().mode() != Mode.Apply
          ? Optional.empty()
          : Optional.ofNullable(RunCensus.status(run).headVersion())
              .flatMap(SchemaVersion::parse)
              .map(head -> new Aim(run, head));
    }

    boolean isAt(TenantView tenant) {
      return CohortPlanner.selects(run.getSpec().tenants(), tenant);
    }
  }

  private final Samples samples;
  private final Map<String, List<Aim>> aims;

  private TenantCensus(Samples samples, Map<String, List<Aim>> aims) {
    this.samples = samples;
    this.aims = aims;
  }

  static void take(Stream<Tenant> tenants, Collection<TenantMigrationRun> runs, Samples samples) {
    Comparator<Aim> byAge =
        Comparator.comparing((Aim aim) -> aim.run().getMetadata().getCreationTimestamp())
            .thenComparing(aim -> aim.run().getMetadata().getName());
    Map<String, List<Aim>> aims =
        runs.stream()
            .map(Aim::of)
            .flatMap(Optional::stream)
            .sorted(byAge.reversed())
            .collect(Collectors.groupingBy(aim -> aim.run().getMetadata().getNamespace()));
    TenantCensus census = new TenantCensus(samples, new HashMap<>(aims));
    tenants.forEach(census::add);
  }

  private void add(Tenant tenant) {
    String namespace = tenant.getMetadata().getNamespace();
    TenantView view = TenantView.of(tenant);
    Optional<LastRun> last = view.lastRun();
    samples.add(
        FleetMetric.TENANTS,
        1,
        namespace,
        last.map(LastRun::outcome).map(Enum::name).orElse(NEVER),
        last.map(LastRun::reason).map(Enum::name).orElse(""));
    if (tenant.getStatus() != null && tenant.getStatus().access() != null) {
      samples.add(FleetMetric.TENANTS_ACCESS, 1, namespace, tenant.getStatus().access());
    }
    // zeros too: an alert ends by them
    CAUSES.forEach(cause -> samples.add(FleetMetric.TENANTS_DRIFTED, 0, namespace, cause));
    drift(namespace, view)
        .ifPresent(cause -> samples.add(FleetMetric.TENANTS_DRIFTED, 1, namespace, cause));
  }

  private Optional<String> drift(String namespace, TenantView tenant) {
    if (tenant.spec().state() == TenantSpec.State.Suspended) {
      return Optional.empty();
    }
    Optional<SchemaVersion> head =
        aims.getOrDefault(namespace, List.of()).stream()
            .filter(aim -> aim.isAt(tenant))
            .findFirst()
            .map(Aim::head);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    Optional<SchemaVersion> version = tenant.schemaVersion().flatMap(SchemaVersion::parse);
    if (version.isEmpty()) {
      return Optional.of("unseen");
    }
    if (version.get().compareTo(head.get()) < 0) {
      return Optional.of("behind");
    }
    return tenant.lastRun().filter(last -> last.outcome() == Outcome.Failed).map(last -> "failed");
  }
}
