package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/** What a tenant's history and catalog mean for a run to come: all of it, by {@link Precheck}. */
final class PlanJudgement {
  private final Assignment.Migrations migrations;
  private final Bundle bundle;
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
    this.bundle = bundle;
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
      TenantFailure missing =
          new TenantFailure(
              TenantReason.HistoryMissing,
              "schema " + schema + " is not empty and has no table " + HistoryReader.TABLE);
      return new Verdict(Optional.empty(), List.of(problem(missing, null)));
    }
    History expected = facts.occupied() ? adopted() : history;
    List<MigrationVersion> pending = precheck.pending(expected);
    List<Problem> problems = new ArrayList<>();
    for (Precheck.Verdict.Refused refused : precheck.refusals(expected)) {
      if (!isAccepted(refused, expected)) {
        problems.add(problem(refused.failure(), refused.version()));
      }
    }
    problems.addAll(incompatible(pending));
    return new Verdict(
        Optional.of(pending.stream().map(MigrationVersion::getVersion).toList()), problems);
  }

  /** The run itself says that this shall not stop it. */
  private boolean isAccepted(Precheck.Verdict.Refused refused, History history) {
    return switch (refused.failure().reason()) {
      case OutOfOrder -> migrations.outOfOrder();
      case ChecksumMismatch ->
          isRealigned(refused.version())
              && !Objects.equals(
                  history.applied().get(refused.version()).checksum(),
                  bundle.find(refused.version()).map(Script::checksum).orElse(null));
      default -> false;
    };
  }

  private boolean isRealigned(MigrationVersion version) {
    return migrations.realignChecksums().stream()
        .map(MigrationVersion::fromVersion)
        .anyMatch(version::equals);
  }

  /** The pending scripts for which the application that is running is too old. */
  private List<Problem> incompatible(List<MigrationVersion> pending) {
    Optional<Semver> running = Optional.ofNullable(migrations.codeVersion()).map(Semver::new);
    List<Problem> problems = new ArrayList<>();
    for (Script script : bundle.scripts()) {
      Optional<Semver> floor = script.minCompatibleCodeVersion();
      if (running.isPresent()
          && floor.isPresent()
          && pending.contains(script.version())
          && floor.get().isGreaterThan(running.get())) {
        problems.add(
            problem(
                new TenantFailure(
                    TenantReason.IncompatibleCodeVersion,
                    "version "
                        + script.version()
                        + " needs application code "
                        + floor.get().getVersion()
                        + " or newer, and compatibility.codeVersion is "
                        + running.get().getVersion()),
                script.version()));
      }
    }
    return problems;
  }

  /** The history as a run will begin it in a schema that it adopts. */
  private History adopted() {
    MigrationVersion baseline = MigrationVersion.fromVersion(migrations.baselineVersion());
    return new History(
        List.of(new History.Entry(1, baseline, "baseline", "BASELINE", null, 0, true)));
  }

  static Problem problem(TenantFailure failure, MigrationVersion version) {
    return new Problem(
        failure.reason(),
        version == null ? null : version.getVersion(),
        Objects.requireNonNullElse(failure.message(), failure.reason().hint()));
  }
}
