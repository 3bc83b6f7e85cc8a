package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.Execution;
import dev.fleetway.api.v1alpha1.Migrations;
import dev.fleetway.api.v1alpha1.Migrations.ConfigMapRef;
import dev.fleetway.api.v1alpha1.Rollout;
import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Compatibility;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Gate;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.GateMode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import java.util.List;

/** Specs of runs as tests want them. */
public final class RunSpecs {
  private RunSpecs() {}

  /** A spec with these cohort sizes, everything else at its default. */
  public static TenantMigrationRunSpec spec(String abortRate, Integer... sizes) {
    return spec(rollout(abortRate, null, sizes), new Tenants(null, null, null));
  }

  /** Cohort sizes, everything else at its default where it is null. */
  public static Rollout rollout(String abortRate, String stagger, Integer... sizes) {
    return new Rollout(null, null, List.of(sizes), null, stagger, abortRate);
  }

  public static TenantMigrationRunSpec spec(Rollout rollout, Tenants tenants) {
    return new TenantMigrationRunSpec(
        null,
        new Migrations(null, List.of(new ConfigMapRef("bundle")), null, null, null),
        null,
        null,
        tenants,
        rollout,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** A run with these settings that differ from the rest of its spec. */
  public static TenantMigrationRunSpec with(
      TenantMigrationRunSpec s,
      Mode mode,
      Execution execution,
      Compatibility compatibility,
      Runner runner) {
    return new TenantMigrationRunSpec(
        mode,
        s.migrations(),
        s.targetVersion(),
        s.baselineVersion(),
        s.tenants(),
        s.rollout(),
        execution,
        s.gate(),
        compatibility,
        runner,
        s.suspend(),
        s.abort(),
        s.promote(),
        s.attempt());
  }

  /** The same spec with a gate. */
  public static TenantMigrationRunSpec gated(TenantMigrationRunSpec s, String settle) {
    return new TenantMigrationRunSpec(
        s.mode(),
        s.migrations(),
        s.targetVersion(),
        s.baselineVersion(),
        s.tenants(),
        s.rollout(),
        s.execution(),
        new Gate(GateMode.ReadOnly, settle),
        s.compatibility(),
        s.runner(),
        s.suspend(),
        s.abort(),
        s.promote(),
        s.attempt());
  }
}
