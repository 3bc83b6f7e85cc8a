package dev.fleetway.sandbox.crash;

import java.util.Locale;

/** What makes the second cohort abort in the first attempt. */
enum Mishap {
  /** Its first tenant; the pod is then at its threshold and starts no further one. */
  TENANT_FAILS("AbortRateExceeded"),
  /** Its pod ends without an outcome and without a word. */
  POD_IS_LOST("AbortRateExceeded"),
  /** A person, when one tenant is through and the other in work. */
  PERSON_ABORTS("AbortedByUser");

  static final int COHORT = 2;
  static final int ATTEMPT = 1;

  private final String reason;

  Mishap(String reason) {
    this.reason = reason;
  }

  /** Reason of the abort. */
  String reason() {
    return reason;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
