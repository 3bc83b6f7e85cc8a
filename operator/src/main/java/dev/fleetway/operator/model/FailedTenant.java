package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tenant whose latest outcome in a run is Failed.
 *
 * @param failure who, where and why
 * @param fingerprint names the cause
 */
public record FailedTenant(Failure failure, String fingerprint) {
  // A status holds twenty of them; the Tenant has the whole message.
  private static final int LONGEST_MESSAGE = 512;

  /** The failed tenants of a cohort, in plan order. */
  public static List<FailedTenant> of(int cohort, CohortTally tally) {
    return tally.lines().stream()
        .filter(line -> line.outcome() == Outcome.Failed)
        .map(line -> of(cohort, line))
        .toList();
  }

  /**
   * The failed tenants of a cohort as far as the tenants themselves still say so: a tenant that was
   * deleted, or went through another run since, is left out.
   */
  public static List<FailedTenant> of(
      String runUid, int cohort, List<PlannedTenant> planned, Map<String, TenantView> tenants) {
    return planned.stream()
        .filter(tenant -> tenant.uid() != null)
        .map(tenant -> of(runUid, cohort, tenant, Optional.ofNullable(tenants.get(tenant.name()))))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<FailedTenant> of(
      String runUid, int cohort, PlannedTenant tenant, Optional<TenantView> view) {
    return view.filter(found -> found.uid().equals(tenant.uid()))
        .flatMap(found -> found.outcomeOf(runUid))
        .filter(found -> found.outcome() == Outcome.Failed && found.cohort() == cohort)
        .map(
            found ->
                of(
                    cohort,
                    new CohortTally.Line(
                        tenant, found.outcome(), found.reason(), Optional.of(found), view)));
  }

  static FailedTenant of(int cohort, CohortTally.Line line) {
    Optional<LastRun> evidence = line.evidence();
    Failure failure =
        new Failure(
            line.tenant().name(),
            line.view().map(view -> view.spec().database().server()).orElse(null),
            cohort,
            line.reason(),
            evidence.map(LastRun::sqlState).orElse(null),
            evidence.map(LastRun::failedVersion).orElse(null),
            shortened(evidence.map(LastRun::message).orElseGet(line::explanation)));
    List<String> own =
        line.view()
            .map(view -> FailureFingerprint.own(view.name(), view.spec().database()))
            .orElseGet(() -> List.of(line.tenant().name()));
    return new FailedTenant(
        failure,
        FailureFingerprint.of(
            failure.reason(), failure.sqlState(), failure.failedVersion(), failure.message(), own));
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE - 1) + "…";
  }
}
