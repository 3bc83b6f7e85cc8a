package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Placeholders;
import dev.fleetway.runner.bundle.SharedScripts;
import dev.fleetway.runner.bundle.TenantScripts;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.history.History;
import dev.fleetway.runner.database.history.MigrationRules;
import dev.fleetway.runner.database.history.Precheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;

/** What a tenant's history and catalog mean for a run to come: all of it, by {@link Precheck}. */
final class PlanJudgement {
  private final MigrationRules rules;
  private final Precheck precheck;
  private final SharedScripts scripts;

  /**
   * What a run would do.
   *
   * @param pending what it would apply, in that order; empty when that cannot be known
   * @param problems what would stop it
   */
  record Verdict(Optional<List<String>> pending, List<Problem> problems) {}

  PlanJudgement(Assignment.Migrations migrations, Bundle bundle, MigrationVersion head) {
    this.rules = MigrationRules.of(migrations, head);
    this.precheck = new Precheck(bundle, rules);
    this.scripts = SharedScripts.of(bundle, head, Placeholders.of(migrations.placeholders()));
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

  TenantScripts scriptsOf(Assignment.Member tenant) {
    TenantSpec.Database database = tenant.database();
    return scripts.forTenant(tenant.name(), database.name(), database.schema());
  }

  /**
   * What a run would apply; empty when that cannot be known. Where a run would begin in somebody
   * else's schema is for its author to say.
   */
  Optional<Precheck.Verdict.Pending> pending(History found, TenantScripts tenantScripts) {
    return found.isUnadopted() && rules.baseline().isEmpty()
        ? Optional.empty()
        : Optional.of(precheck.pending(found.withoutFailed(), tenantScripts));
  }

  /**
   * What the history means.
   *
   * @param pending see {@link #pending}
   * @param leftovers what earlier runs left and a run would not clear away by itself
   */
  Verdict of(
      History found,
      Optional<Precheck.Verdict.Pending> pending,
      List<Precheck.Verdict.Refused> leftovers) {
    List<Problem> problems =
        Stream.concat(leftovers.stream(), precheck.refusals(found.withoutFailed()).stream())
            .map(refused -> problem(refused.failure(), refused.version()))
            .toList();
    return new Verdict(pending.map(Precheck.Verdict.Pending::names), problems);
  }

  static Problem problem(TenantFailure failure, MigrationVersion version) {
    return new Problem(
        failure.reason(),
        version == null ? null : version.getVersion(),
        Objects.requireNonNullElse(failure.message(), failure.reason().hint()));
  }
}
