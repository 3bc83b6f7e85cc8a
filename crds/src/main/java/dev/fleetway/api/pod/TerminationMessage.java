package dev.fleetway.api.pod;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import java.util.List;

/**
 * The last word of a pod, as JSON under {@link PodContract#TERMINATION_MESSAGE_LIMIT} bytes.
 * Carries no credentials and no row data.
 *
 * @param bundle what {@code inspect} found; null for {@code run} and for a broken bundle
 * @param error why the pod gave up with {@link PodContract#EXIT_PERMANENT}, else null
 * @param summary what {@code run} did, else null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TerminationMessage(BundleReport bundle, PodError error, RunSummary summary) {

  /**
   * What is in a bundle.
   *
   * @param digest {@code sha256:…} over the sorted names and contents
   * @param headVersion the target version, or the newest in the bundle
   * @param scripts number of scripts
   * @param newestVersions the newest versions, newest first, at most 10
   * @param codeFloors versions up to the head from which on newer application code is needed,
   *     newest first, at most 10: each is higher than all before it
   * @param warnings what is allowed but worth a look, at most 10
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record BundleReport(
      String digest,
      String headVersion,
      int scripts,
      List<String> newestVersions,
      List<TenantMigrationRunStatus.CodeFloor> codeFloors,
      List<String> warnings) {
    public BundleReport {
      codeFloors = codeFloors == null ? List.of() : List.copyOf(codeFloors);
      newestVersions = newestVersions == null ? List.of() : List.copyOf(newestVersions);
      warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }
  }

  /**
   * A permanent error.
   *
   * @param reason a run's condition reason, such as {@code InvalidBundle} or {@code BundleChanged}
   * @param message for people: what is wrong, where, what to do
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PodError(String reason, String message) {}

  /**
   * What {@code run} did.
   *
   * @param succeeded tenants migrated
   * @param alreadyCurrent tenants with nothing pending
   * @param failed tenants failed
   * @param notStarted tenants without an outcome that were never begun
   * @param inFlight tenants that were in work when the pod ended, without an outcome; at most 64
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record RunSummary(
      int succeeded, int alreadyCurrent, int failed, int notStarted, List<String> inFlight) {
    public RunSummary {
      inFlight = inFlight == null ? List.of() : List.copyOf(inFlight);
    }
  }
}
