package dev.fleetway.operator.model;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the tenants of one cohort stand, counted from evidence: the assignment, and the outcomes
 * that are keyed to this run and cohort. A success of an older attempt counts; anything else of an
 * older attempt does not, the tenant runs again.
 *
 * @param lines one per planned tenant, in plan order
 */
public record CohortTally(List<Line> lines) {

  public CohortTally {
    lines = List.copyOf(lines);
  }

  /**
   * One planned tenant.
   *
   * @param outcome what is final in this attempt; null while the tenant has none
   * @param reason why it failed or was skipped; null otherwise
   * @param evidence the outcome as it stands in the Tenant; empty when the operator concluded it
   */
  public record Line(
      PlannedTenant tenant,
      Outcome outcome,
      TenantReason reason,
      Optional<LastRun> evidence,
      Optional<TenantView> view) {

    boolean isOpen() {
      return outcome == null;
    }

    /** What the operator says of a tenant that no pod spoke for. */
    public String explanation() {
      return reason == TenantReason.DuplicateTarget && tenant.duplicateOf() != null
          ? "The plan found it at the target of tenant %s. %s"
              .formatted(tenant.duplicateOf(), reason.hint())
          : reason.hint();
    }
  }

  /** Counts the evidence. */
  public static CohortTally of(
      String runUid,
      int attempt,
      List<PlannedTenant> planned,
      Assignment assignment,
      Map<String, TenantView> tenants) {
    Map<String, TenantReason> skipped =
        assignment.skipped().stream()
            .collect(
                Collectors.toMap(Assignment.SkippedMember::name, Assignment.SkippedMember::reason));
    List<Line> lines = new ArrayList<>(planned.size());
    for (PlannedTenant tenant : planned) {
      Optional<TenantView> view =
          Optional.ofNullable(tenants.get(tenant.name()))
              .filter(found -> found.uid().equals(tenant.uid()));
      lines.add(line(runUid, attempt, tenant, view, skipped.get(tenant.name())));
    }
    return new CohortTally(lines);
  }

  private static Line line(
      String runUid,
      int attempt,
      PlannedTenant tenant,
      Optional<TenantView> view,
      TenantReason leftOut) {
    if (leftOut != null) {
      return new Line(tenant, leftOut.outcome(), leftOut, Optional.empty(), view);
    }
    if (view.isEmpty()) {
      return new Line(tenant, Outcome.Skipped, TenantReason.TenantDeleted, Optional.empty(), view);
    }
    Optional<LastRun> evidence =
        view.get()
            .outcomeOf(runUid)
            // A newer attempt than this one is known when the run came back from a backup.
            .filter(found -> found.attempt() >= attempt || found.outcome().isSuccess());
    return new Line(
        tenant,
        evidence.map(LastRun::outcome).orElse(null),
        evidence.map(LastRun::reason).orElse(null),
        evidence,
        view);
  }

  /**
   * Without what the operator concluded itself, in a settlement that a crash cut short: the
   * question whether a pod stopped on purpose rests on what runners wrote.
   */
  public CohortTally byRunners() {
    return new CohortTally(
        lines.stream()
            .map(
                line ->
                    line.evidence().filter(found -> found.startTime() == null).isPresent()
                        ? new Line(line.tenant(), null, null, Optional.empty(), line.view())
                        : line)
            .toList());
  }

  /** The tenants without an outcome. */
  public List<Line> open() {
    return lines.stream().filter(Line::isOpen).toList();
  }

  /** The tenants that the runner left no outcome for: open ones and those that are gone. */
  public List<Line> unproven() {
    return lines.stream()
        .filter(line -> line.isOpen() || line.reason() == TenantReason.TenantDeleted)
        .toList();
  }

  /** The same cohort with every open tenant given this end. */
  public CohortTally concluded(Function<Line, TenantReason> end) {
    return new CohortTally(
        lines.stream()
            .map(
                line -> {
                  if (!line.isOpen()) {
                    return line;
                  }
                  TenantReason reason = end.apply(line);
                  return new Line(
                      line.tenant(), reason.outcome(), reason, Optional.empty(), line.view());
                })
            .toList());
  }

  public int count(Outcome outcome) {
    return (int) lines.stream().filter(line -> line.outcome() == outcome).count();
  }

  /** Was a database changed, or perhaps changed, in this attempt? */
  public boolean touched(int attempt) {
    return lines.stream()
        .anyMatch(
            line ->
                (line.outcome() == Outcome.Failed && line.reason() != TenantReason.DuplicateTarget)
                    || (line.outcome() == Outcome.Succeeded
                        && line.evidence()
                            .map(LastRun::attempt)
                            .filter(a -> a == attempt)
                            .isPresent()));
  }

  /** Planned tenants minus skipped ones: what the abort rate is a share of. */
  public int size() {
    return lines.size() - count(Outcome.Skipped);
  }

  public boolean trips(int abortPercent) {
    return AbortRule.trips(count(Outcome.Failed), size(), abortPercent);
  }
}
