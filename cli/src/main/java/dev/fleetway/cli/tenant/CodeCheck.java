package dev.fleetway.cli.tenant;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.api.v1alpha1.TenantStatus;
import java.util.Optional;
import org.semver4j.Semver;

/**
 * Whether one tenant can bear a version of the application: the JSON, YAML and CSV schema of {@code
 * check-code-version}. Pure.
 *
 * @param name of the Tenant
 * @param state what its owner wants
 * @param schemaVersion the highest applied version; absent while unknown
 * @param minCompatibleCodeVersion the oldest application code that works on it; absent for any
 * @param verdict on the version that was asked about
 */
@JsonPropertyOrder({"name", "state", "schemaVersion", "minCompatibleCodeVersion", "verdict"})
record CodeCheck(
    String name,
    State state,
    String schemaVersion,
    String minCompatibleCodeVersion,
    Verdict verdict) {

  /** Whether the code works there. */
  enum Verdict {
    /** It is new enough, or no migration asked for anything. */
    Works,
    /** A migration that is applied needs newer code. */
    TooOld,
    /** No run has reached the tenant yet. */
    Unknown
  }

  static CodeCheck of(Tenant tenant, Semver code) {
    Optional<TenantStatus> status = Optional.ofNullable(tenant.getStatus());
    String schema = status.map(TenantStatus::schemaVersion).orElse(null);
    String floor = status.map(TenantStatus::minCompatibleCodeVersion).orElse(null);
    return new CodeCheck(
        tenant.getMetadata().getName(),
        tenant.getSpec().state(),
        schema,
        floor,
        verdict(schema, floor, code));
  }

  private static Verdict verdict(String schema, String floor, Semver code) {
    if (floor == null) {
      return schema == null ? Verdict.Unknown : Verdict.Works;
    }
    Semver needed = Semver.parse(floor);
    if (needed == null) {
      return Verdict.Unknown;
    }
    return code.isGreaterThanOrEqualTo(needed) ? Verdict.Works : Verdict.TooOld;
  }
}
