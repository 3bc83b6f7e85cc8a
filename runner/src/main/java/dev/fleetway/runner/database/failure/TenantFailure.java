package dev.fleetway.runner.database.failure;

import dev.fleetway.api.v1alpha1.TenantReason;

/**
 * Why a tenant cannot be migrated.
 *
 * @param reason one of the documented reasons
 * @param message for people; no credentials, no row data
 * @param sqlState SQLSTATE of the server's error, or null
 */
public record TenantFailure(TenantReason reason, String message, String sqlState) {
  public TenantFailure(TenantReason reason, String message) {
    this(reason, message, null);
  }

  /** The same failure, of which there is more to say. */
  public TenantFailure and(String more) {
    return new TenantFailure(reason, message + more, sqlState);
  }

  /** The failure as an exception, to leave a nested call with it. */
  public TenantFailureException toException() {
    return new TenantFailureException(this);
  }

  /** Carries a failure out of a nested call. */
  public static final class TenantFailureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient TenantFailure failure;

    private TenantFailureException(TenantFailure failure) {
      super(failure.message());
      this.failure = failure;
    }

    public TenantFailure failure() {
      return failure;
    }
  }
}
