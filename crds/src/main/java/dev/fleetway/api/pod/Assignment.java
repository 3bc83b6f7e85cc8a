package dev.fleetway.api.pod;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One cohort in one attempt: what its pods shall do, and which tenants were left out when it
 * started. Stored in an immutable ConfigMap, so that it is evidence too.
 *
 * @param namespace namespace of run and tenants
 * @param run name of the run
 * @param runUid {@code metadata.uid} of the run
 * @param attempt attempt of the run, from 1
 * @param cohort number of the cohort, from 1
 * @param mode what to do with the tenants
 * @param migrations which scripts, and how they are applied
 * @param limits how far a pod may go
 * @param tenants the tenants to migrate, in this order, of all shards
 * @param skipped the tenants that no pod touches, each with its reason
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Assignment(
    String namespace,
    String run,
    String runUid,
    int attempt,
    int cohort,
    Mode mode,
    Migrations migrations,
    Limits limits,
    List<Member> tenants,
    List<SkippedMember> skipped) {

  public Assignment {
    mode = Objects.requireNonNullElse(mode, Mode.Apply);
    tenants = tenants == null ? List.of() : List.copyOf(tenants);
    skipped = skipped == null ? List.of() : List.copyOf(skipped);
  }

  /** The tenants of one pod. */
  public List<Member> shard(int index) {
    return tenants.stream().filter(member -> member.shard() == index).toList();
  }

  /** How many pods share the tenants. */
  public int shards() {
    return tenants.stream().mapToInt(Member::shard).max().orElse(0) + 1;
  }

  /**
   * The scripts and how they are applied.
   *
   * @param digest the digest that was inspected; a pod with another bundle exits with 42
   * @param headVersion the version that every tenant shall reach
   * @param baselineVersion adopts a schema that is not empty and has no history; null for never
   * @param placeholders values for {@code ${name}}; null: replacement is off
   * @param outOfOrder apply a version below one that is applied already
   * @param realignChecksums versions whose edited script is accepted where the old one was applied
   * @param codeVersion application version that is running now; null: not checked
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Migrations(
      String digest,
      String headVersion,
      String baselineVersion,
      Map<String, String> placeholders,
      boolean outOfOrder,
      List<String> realignChecksums,
      String codeVersion) {
    public Migrations {
      placeholders = placeholders == null ? null : Map.copyOf(placeholders);
      realignChecksums = realignChecksums == null ? List.of() : List.copyOf(realignChecksums);
    }

    /** Scripts up to a head, everything else at its default. */
    public static Migrations upTo(String digest, String headVersion) {
      return new Migrations(digest, headVersion, null, null, false, null, null);
    }
  }

  /**
   * How far a pod may go.
   *
   * @param concurrency tenants at a time in one pod
   * @param perServer tenants at a time on one {@code host:port}; all of them are in one pod
   * @param tenantTimeoutMillis time for one tenant in all, over every try
   * @param lockTimeoutMillis PostgreSQL {@code lock_timeout} for transactional scripts
   * @param retries how often a tenant is tried again after a transient SQL failure
   * @param failureThreshold so many failed tenants stop the pod: no further tenant is started
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Limits(
      int concurrency,
      int perServer,
      long tenantTimeoutMillis,
      long lockTimeoutMillis,
      int retries,
      int failureThreshold) {}

  /**
   * A tenant to migrate.
   *
   * @param name name of the Tenant
   * @param uid {@code metadata.uid} of the Tenant that was planned; another one is not touched
   * @param shard the completion index of the pod that migrates it, from 0
   * @param database where it lives, as it was when the cohort started
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Member(String name, String uid, int shard, TenantSpec.Database database) {}

  /**
   * A tenant that no pod touches.
   *
   * @param name name of the Tenant
   * @param uid uid it was planned with; null when no tenant had this name
   * @param reason why; {@link TenantReason#outcome()} says whether it is Skipped or Failed
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SkippedMember(String name, String uid, TenantReason reason) {}
}
