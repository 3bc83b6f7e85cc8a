package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.bundle.Bundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;

/** What a tenant's history and catalog mean for a run to come: all of it, by {@link Precheck}. */
final class PlanJudgement {
  private final Assignment.Migrations migrations;
  private final Precheck precheck;

  /**
   * What a run would do.
   *
   * @param pending what it would apply, oldest first; empty when that cannot be known
   * @param problems what would stop it
   */
  record Verdict(Optional<List<String>> pending, List<Problem> problems) {}

  PlanJudgement(Assignment.Migrations migrations, Bundle bundle, MigrationVersion head) {
    this.migrations = migrations;
    this.precheck = new Precheck(bundle, head);
  }

  /** What stands in the way before any history is read. */
  List<TenantFailure> ofServer(PlanSession.Facts facts, TenantSpec.Database database) {
    List<TenantFailure> failures = new ArrayList<>();
    if (facts.standby()) {
      failures.add(
          new TenantFailure(TenantReason.ReadOnlyServer, "the server is a standby", "25006"));
    }
    if (facts.roleMissing()) {
      failures.add(
          new TenantFailure(
              TenantReason.InsufficientPrivilege, "role " + database.role() + " does not exist"));
    }
    return failures;
  }

  Verdict of(History history, PlanSession.Facts facts, String schema) {
    if (facts.occupied() && migrations.baselineVersion() == null) {
      return new Verdict(
          Optional.empty(),
          List.of(
              problem(
                  new TenantFailure(
                      TenantReason.HistoryMissing,
                      "schema " + schema + " is not empty and has no table " + HistoryReader.TABLE),
                  null)));
    }
    return new Verdict(
        Optional.of(precheck.pending(history).stream().map(MigrationVersion::getVersion).toList()),
        precheck.refusals(history).stream()
            .map(refused -> problem(refused.failure(), refused.version()))
            .toList());
  }

  static Problem problem(TenantFailure failure, MigrationVersion version) {
    return new Problem(
        failure.reason(),
        version == null ? null : version.getVersion(),
        Objects.requireNonNullElse(failure.message(), failure.reason().hint()));
  }
}
