package dev.fleetway.sandbox.crash;

/** What becomes of a cohort's pod. */
enum PodEnd {
  ALL_SUCCEED,
  /** It is then at its threshold, where there is one, and starts no further tenant. */
  FIRST_TENANT_FAILS,
  /** It ends without an outcome and without a word. */
  IS_LOST,
  /** Its first tenant is through, the other in work. */
  WORKS_UNTIL_TOLD_TO_STOP,
  WORKS_UNTIL_THE_RUN_IS_SUSPENDED
}
