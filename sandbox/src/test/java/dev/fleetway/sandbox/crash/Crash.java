package dev.fleetway.sandbox.crash;

/**
 * Where an operator dies.
 *
 * @param moment on which side of the write
 * @param write the last write that it attempts
 */
record Crash(Moment moment, Write write) {

  /** On which side of a write. */
  enum Moment {
    /** The API server never hears of it. */
    JUST_BEFORE,
    /** The API server does it, and nobody is left to do the next thing. */
    JUST_AFTER
  }

  @Override
  public String toString() {
    return "killed %s %s"
        .formatted(moment == Moment.JUST_BEFORE ? "just before" : "just after", write);
  }
}
