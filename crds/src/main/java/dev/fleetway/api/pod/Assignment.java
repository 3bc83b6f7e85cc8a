package dev.fleetway.api.pod;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import java.util.List;

/**
 * One cohort in one attempt: what its pod shall do, and which tenants were left out when it
 * started. Stored in an immutable ConfigMap, so that it is evidence too.
 *
 * @param namespace namespace of run and tenants
 * @param run name of the run
 * @param runUid {@code metadata.uid} of the run
 * @param attempt attempt of the run, from 1
 * @param cohort number of the cohort, from 1
 * @param bundleDigest the digest that was inspected; a pod with another bundle exits with 42
 * @param headVersion the version that every tenant shall reach
 * @param concurrency tenants at a time
 * @param tenantTimeoutMillis time for one tenant in all
 * @param lockTimeoutMillis PostgreSQL {@code lock_timeout} for transactional scripts
 * @param failureThreshold so many failed tenants stop the pod: no further tenant is started
 * @param tenants the tenants to migrate, in this order
 * @param skipped the tenants that are left out, each with its reason
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Assignment(
    String namespace,
    String run,
    String runUid,
    int attempt,
    int cohort,
    String bundleDigest,
    String headVersion,
    int concurrency,
    long tenantTimeoutMillis,
    long lockTimeoutMillis,
    int failureThreshold,
    List<Member> tenants,
    List<SkippedMember> skipped) {

  public Assignment {
    tenants = tenants == null ? List.of() : List.copyOf(tenants);
    skipped = skipped == null ? List.of() : List.copyOf(skipped);
  }

  /**
   * A tenant to migrate.
   *
   * @param name name of the Tenant
   * @param uid {@code metadata.uid} of the Tenant that was planned; another one is not touched
   * @param database where it lives, as it was when the cohort started
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Member(String name, String uid, TenantSpec.Database database) {}

  /**
   * A tenant that is left out.
   *
   * @param name name of the Tenant
   * @param uid uid it was planned with; null when no tenant had this name
   * @param reason why
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SkippedMember(String name, String uid, TenantReason reason) {}
}
