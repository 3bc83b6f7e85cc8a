package dev.fleetway.operator.tenant;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;

/** What the application must honour. Pure. */
final class TenantAccess {
  private TenantAccess() {}

  /**
   * Derived anew each time, never toggled.
   *
   * @param gated whether a running cohort gates the tenant
   */
  static Access of(TenantSpec.State state, boolean gated) {
    return switch (state) {
      case Active -> gated ? Access.ReadOnly : Access.ReadWrite;
      case ReadOnly -> Access.ReadOnly;
      case Suspended -> Access.None;
    };
  }
}
