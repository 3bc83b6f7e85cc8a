package dev.fleetway.operator.model;

/** When the failures of one cohort halt the run. */
public final class AbortRule {
  /** A rate that no cohort reaches: mode Plan reports problems and never stops at them. */
  public static final int NEVER = 101;

  private AbortRule() {}

  /** {@code failed > 0 && failed / size >= percent}, in whole numbers. */
  public static boolean trips(int failed, int size, int percent) {
    return failed > 0 && failed * 100L >= (long) size * percent;
  }

  /** The smallest number of failed tenants that trips; at least 1. */
  public static int threshold(int size, int percent) {
    return (int) Math.max(1, ((long) size * percent + 99) / 100);
  }
}
