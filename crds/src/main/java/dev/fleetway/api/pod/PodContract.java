package dev.fleetway.api.pod;

/** Names, places and exit codes that the Job of the operator and the program in its pod share. */
public final class PodContract {
  /** First argument of the runner: migrate the tenants of the assignment. */
  public static final String COMMAND_RUN = "run";

  /** First argument of the runner: read the bundle and report. */
  public static final String COMMAND_INSPECT = "inspect";

  /** Path of the file that holds the {@link Assignment} as JSON; {@code run} only. */
  public static final String ENV_ASSIGNMENT = "FLEETWAY_ASSIGNMENT";

  /**
   * Path of the directory with the SQL scripts, read recursively; names that start with two dots
   * are left out.
   */
  public static final String ENV_BUNDLE = "FLEETWAY_BUNDLE";

  /**
   * Path of the directory with one sub-directory per Secret and one file per key; {@code run} only.
   */
  public static final String ENV_CREDENTIALS = "FLEETWAY_CREDENTIALS";

  /** Path of the file that takes the {@link TerminationMessage}. */
  public static final String ENV_TERMINATION_MESSAGE = "FLEETWAY_TERMINATION_MESSAGE";

  /** {@code spec.targetVersion}, absent for the newest; {@code inspect} only. */
  public static final String ENV_TARGET_VERSION = "FLEETWAY_TARGET_VERSION";

  /**
   * Which shard of the cohort this pod is, from 0: the Job controller sets it in every pod of an
   * Indexed Job; {@code run} only. Absent: 0.
   */
  public static final String ENV_SHARD = "JOB_COMPLETION_INDEX";

  /** Seconds between SIGTERM and SIGKILL; {@code run} only. */
  public static final String ENV_GRACE_SECONDS = "FLEETWAY_GRACE_SECONDS";

  /** Exit code: every tenant has a recorded outcome, or the abort threshold was reached. */
  public static final int EXIT_DONE = 0;

  /**
   * Exit code: bundle or configuration is wrong, another try cannot help; the Job fails at once.
   */
  public static final int EXIT_PERMANENT = 42;

  /** Exit code: ended by SIGTERM with tenants left; a replacement pod goes on. */
  public static final int EXIT_INTERRUPTED = 75;

  /** The kubelet keeps the last 4,096 bytes of a termination message: stay under them. */
  public static final int TERMINATION_MESSAGE_LIMIT = 4096;

  private PodContract() {}
}
