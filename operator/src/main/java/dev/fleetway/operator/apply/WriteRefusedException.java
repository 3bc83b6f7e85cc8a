package dev.fleetway.operator.apply;

/**
 * The API server refuses a write for good: trying again helps only once somebody changed something.
 */
public final class WriteRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WriteRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
