package dev.fleetway.operator.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import java.util.List;
import java.util.Optional;

/**
 * The report of a cohort, stored for good when it closes or aborts: it outlives the next run's
 * {@code lastRun}, and it is what the failure groups of a run are counted from.
 *
 * @param run name of the run
 * @param attempt the attempt that ran the cohort
 * @param cohort its number
 * @param tenants one per planned tenant, in plan order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CohortResult(String run, int attempt, int cohort, List<TenantResult> tenants) {
  // A ConfigMap takes 1 MiB; a thousand tenants of 250 bytes and a message each stay below it.
  private static final int LONGEST_MESSAGE = 256;

  public CohortResult {
    tenants = tenants == null ? List.of() : List.copyOf(tenants);
  }

  /**
   * One tenant of it.
   *
   * @param attempt the attempt that the outcome is from
   * @param fingerprint names the cause of a failure; null otherwise
   * @param message the first words of a failure's message; null otherwise
   * @param pending migrations that a run would apply, in mode Plan; null otherwise
   * @param problems what a run in mode Plan found; null for none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TenantResult(
      String tenant,
      Outcome outcome,
      TenantReason reason,
      Integer attempt,
      String fromVersion,
      String toVersion,
      Long millis,
      String server,
      String sqlState,
      String failedVersion,
      String fingerprint,
      String message,
      Integer pending,
      List<TenantReason> problems) {

    public TenantResult {
      problems = problems == null || problems.isEmpty() ? null : List.copyOf(problems);
    }

    Optional<FailedTenant> failed(int cohort) {
      return outcome != Outcome.Failed
          ? Optional.empty()
          : Optional.of(
              new FailedTenant(
                  new Failure(tenant, server, cohort, reason, sqlState, failedVersion, message),
                  fingerprint));
    }
  }

  /** The report of a cohort that came to its end in this attempt. */
  public static CohortResult of(RunNames names, int attempt, int cohort, CohortTally tally) {
    return new CohortResult(
        names.run(),
        attempt,
        cohort,
        tally.lines().stream().map(line -> result(names, line, attempt, cohort)).toList());
  }

  /** The failed tenants, in plan order. */
  public List<FailedTenant> failed() {
    return tenants.stream().map(result -> result.failed(cohort)).flatMap(Optional::stream).toList();
  }

  /** The same without the words, for a cohort whose report would not fit into a ConfigMap. */
  public CohortResult withoutMessages() {
    return new CohortResult(
        run,
        attempt,
        cohort,
        tenants.stream()
            .map(
                t ->
                    new TenantResult(
                        t.tenant(),
                        t.outcome(),
                        t.reason(),
                        t.attempt(),
                        t.fromVersion(),
                        t.toVersion(),
                        t.millis(),
                        t.server(),
                        t.sqlState(),
                        t.failedVersion(),
                        t.fingerprint(),
                        null,
                        t.pending(),
                        t.problems()))
            .toList());
  }

  /** The same whether the operator concluded the outcome now or before a crash. */
  private static TenantResult result(
      RunNames names, CohortTally.Line line, int attempt, int cohort) {
    Optional<LastRun> evidence = line.evidence();
    Optional<LastPlan> report =
        evidence
            .filter(found -> found.startTime() != null)
            .flatMap(found -> line.view())
            .flatMap(view -> view.reportOf(names.runUid()));
    Optional<FailedTenant> failed =
        line.outcome() == Outcome.Failed
            ? Optional.of(FailedTenant.of(cohort, line))
            : Optional.empty();
    return new TenantResult(
        line.tenant().name(),
        line.outcome(),
        line.reason(),
        evidence.map(LastRun::attempt).orElse(attempt),
        evidence.map(LastRun::fromVersion).orElse(null),
        evidence.map(LastRun::toVersion).orElse(null),
        evidence.map(LastRun::durationMillis).orElse(null),
        failed.map(f -> f.failure().server()).orElse(null),
        failed.map(f -> f.failure().sqlState()).orElse(null),
        failed.map(f -> f.failure().failedVersion()).orElse(null),
        failed.map(FailedTenant::fingerprint).orElse(null),
        failed.map(f -> shortened(f.failure().message())).orElse(null),
        report.map(LastPlan::pending).orElse(null),
        report.map(found -> found.problems().stream().map(Problem::reason).toList()).orElse(null));
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE - 1) + "…";
  }
}
