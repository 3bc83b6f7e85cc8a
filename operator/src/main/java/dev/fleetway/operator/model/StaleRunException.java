package dev.fleetway.operator.model;

/** A write was refused because the run is not what was looked at any more: look again. */
public final class StaleRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StaleRunException(Throwable cause) {
    super(cause);
  }
}
