package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;

/** What people change in a run that goes on. */
final class RunEdits {
  private RunEdits() {}

  static TenantMigrationRunSpec suspended(TenantMigrationRunSpec s, boolean value) {
    return edit(s, value, s.abort(), s.promote(), s.attempt());
  }

  static TenantMigrationRunSpec aborted(TenantMigrationRunSpec s) {
    return edit(s, s.suspend(), true, s.promote(), s.attempt());
  }

  static TenantMigrationRunSpec promoted(TenantMigrationRunSpec s) {
    return edit(s, s.suspend(), s.abort(), true, s.attempt());
  }

  /** What a person does after an abort: abort off and attempt up in one patch. */
  static TenantMigrationRunSpec resumed(TenantMigrationRunSpec s) {
    return edit(s, s.suspend(), false, s.promote(), s.attempt() + 1);
  }

  /** A run whose attempt starts elsewhere than at 1: Git after a resume. */
  static TenantMigrationRunSpec atAttempt(TenantMigrationRunSpec s, int attempt) {
    return edit(s, s.suspend(), s.abort(), s.promote(), attempt);
  }

  private static TenantMigrationRunSpec edit(
      TenantMigrationRunSpec s, boolean suspend, boolean abort, boolean promote, int attempt) {
    return new TenantMigrationRunSpec(
        s.mode(),
        s.migrations(),
        s.targetVersion(),
        s.baselineVersion(),
        s.tenants(),
        s.rollout(),
        s.execution(),
        s.gate(),
        s.compatibility(),
        s.runner(),
        suspend,
        abort,
        promote,
        attempt);
  }
}
