package dev.fleetway.operator.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A tenant as the plan froze it.
 *
 * @param name name of the Tenant
 * @param uid its uid; null when {@code spec.tenants.names} names a tenant that does not exist
 * @param duplicateOf the first tenant of the plan with the same target; null when this one is it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlannedTenant(String name, String uid, String duplicateOf) {

  /** A tenant that is the first with its target. */
  public PlannedTenant(String name, String uid) {
    this(name, uid, null);
  }
}
