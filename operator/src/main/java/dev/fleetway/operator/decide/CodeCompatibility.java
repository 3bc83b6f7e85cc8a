package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.model.CodeVersion;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.model.SchemaVersion;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.RunObservation;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the application code that runs now can work on the schema that the run leads to.
 *
 * <p>Judged where a tenant's schema version is known: over the whole plan before it is frozen, and
 * over a cohort before its Job, for what was learned since. Where it is not known the runner
 * decides before it touches the tenant. A run in mode Plan is not stopped: it reports.
 */
final class CodeCompatibility {
  private CodeCompatibility() {}

  /** Stops the run over the whole plan, before it is frozen. */
  static Optional<Decision> refusal(RunObservation seen, RolloutPlan plan) {
    Set<String> planned = plan.tenants().map(PlannedTenant::name).collect(Collectors.toSet());
    return refusal(
        seen,
        seen.fleet().orElse(List.of()).stream()
            .filter(tenant -> planned.contains(tenant.name()))
            .toList());
  }

  /** Stops the run at a cohort that has not started. */
  static Optional<Decision> refusal(RunObservation seen, Assignment next) {
    return refusal(
        seen,
        next.tenants().stream()
            .map(member -> seen.tenants().get(member.name()))
            .filter(Objects::nonNull)
            .toList());
  }

  private static Optional<Decision> refusal(RunObservation seen, Collection<TenantView> tenants) {
    if (seen.spec().compatibility() == null || seen.isPlanMode()) {
      return Optional.empty();
    }
    String running = seen.spec().compatibility().codeVersion();
    return CodeVersion.parse(running)
        .map(code -> aboveCode(seen.status().codeFloors(), code))
        .filter(floors -> !floors.isEmpty())
        .flatMap(floors -> refusal(running, floors, tenants));
  }

  /** The floors that are too high, the highest first. */
  private static List<CodeFloor> aboveCode(List<CodeFloor> floors, CodeVersion code) {
    return floors.stream()
        .filter(
            floor ->
                CodeVersion.parse(floor.minCompatibleCodeVersion())
                    .filter(needed -> needed.compareTo(code) > 0)
                    .isPresent())
        .toList();
  }

  private static Optional<Decision> refusal(
      String running, List<CodeFloor> tooHigh, Collection<TenantView> tenants) {
    CodeFloor highest = tooHigh.get(0);
    long affected = tenants.stream().filter(tenant -> isPending(highest, tenant)).count();
    if (affected == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new AbortRun(
            RunReason.IncompatibleCodeVersion,
            RunReason.IncompatibleCodeVersion.explain(
                "Version %s of the bundle is pending for %d tenants and needs application code %s or newer; compatibility.codeVersion is %s"
                    .formatted(
                        highest.version(),
                        affected,
                        highest.minCompatibleCodeVersion(),
                        running))));
  }

  private static boolean isPending(CodeFloor floor, TenantView tenant) {
    Optional<SchemaVersion> applied = tenant.schemaVersion().flatMap(SchemaVersion::parse);
    Optional<SchemaVersion> needed = SchemaVersion.parse(floor.version());
    return applied.isPresent() && needed.isPresent() && needed.get().compareTo(applied.get()) > 0;
  }
}
