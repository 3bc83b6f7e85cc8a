package dev.fleetway.operator.model;

import java.util.Locale;
import java.util.Map;

/**
 * The names of everything that belongs to a run. Deterministic: creating a thing twice meets the
 * first one. The start of the uid keeps a run apart from a deleted one of the same name.
 *
 * @param run name of the run
 * @param runUid its uid
 */
public record RunNames(String run, String runUid) {
  public static final String RUN_LABEL = "fleetway.dev/run";
  public static final String RUN_UID_LABEL = "fleetway.dev/run-uid";
  public static final String COMPONENT_LABEL = "fleetway.dev/component";
  public static final String ATTEMPT_LABEL = "fleetway.dev/attempt";
  public static final String COHORT_LABEL = "fleetway.dev/cohort";

  /** On a Job that the operator ended early: why. */
  public static final String ENDED_BY_ANNOTATION = "fleetway.dev/ended-by";

  public static final String FINALIZER = "fleetway.dev/drain-jobs";

  /** Key of the assignment in its ConfigMap. */
  public static final String ASSIGNMENT_KEY = "assignment.json";

  /** Key of a cohort's outcomes in its result ConfigMap. */
  public static final String RESULT_KEY = "result.json";

  /** Values of {@link #COMPONENT_LABEL}. */
  public static final String INSPECT = "inspect";

  public static final String COHORT = "cohort";

  /** Selects what a run created. */
  public static final Map<String, String> MANAGED =
      Map.of(
          "app.kubernetes.io/name", "fleetway-runner", "app.kubernetes.io/managed-by", "fleetway");

  public String inspectJob(int attempt) {
    return "%s-inspect-a%d-%s".formatted(run, attempt, shortUid());
  }

  /** The Job of a cohort, and the ConfigMap with its assignment. */
  public String cohortJob(int cohort, int attempt) {
    return "%s-%s".formatted(cohortStem(cohort, attempt), shortUid());
  }

  public String result(int cohort, int attempt) {
    return cohortStem(cohort, attempt) + "-result";
  }

  /** Where {@link #result} is the report of a deleted run of the same name, kept on purpose. */
  public String resultBesideNamesake(int cohort, int attempt) {
    return result(cohort, attempt) + "-" + shortUid();
  }

  /** One of the ConfigMaps that hold the plan with this hash; parts are counted from 1. */
  public String plan(String hash, int part) {
    return "%s-plan-%s-%d-%s".formatted(run, hash.substring(0, 8), part, shortUid());
  }

  /** An event about the run: the same reason at the same place is the same event. */
  public String event(String reason, String at) {
    return "%s.%s-%s-%s".formatted(run, reason.toLowerCase(Locale.ROOT), at, shortUid());
  }

  private String cohortStem(int cohort, int attempt) {
    return String.format(Locale.ROOT, "%s-c%03d-a%d", run, cohort, attempt);
  }

  private String shortUid() {
    return runUid.replace("-", "").substring(0, 6);
  }
}
