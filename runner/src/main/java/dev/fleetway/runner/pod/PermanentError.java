package dev.fleetway.runner.pod;

/** Bundle or configuration is wrong: another pod would fail in the same way. */
public final class PermanentError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The bundle cannot be used, or has no such target version. */
  public static final String INVALID_BUNDLE = "InvalidBundle";

  /** The bundle is not the one that was inspected. */
  public static final String BUNDLE_CHANGED = "BundleChanged";

  /** Environment or assignment cannot be used. */
  public static final String INVALID_CONFIGURATION = "InvalidConfiguration";

  private final String reason;

  public PermanentError(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A run's condition reason. */
  public String reason() {
    return reason;
  }
}
