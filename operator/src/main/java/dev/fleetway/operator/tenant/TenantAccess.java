package dev.fleetway.operator.tenant;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;

/** What the application must honour. Pure. */
final class TenantAccess {
  private TenantAccess() {}

  static Access of(TenantSpec.State state) {
    return switch (state) {
      case Active -> Access.ReadWrite;
      case ReadOnly -> Access.ReadOnly;
      case Suspended -> Access.None;
    };
  }
}
