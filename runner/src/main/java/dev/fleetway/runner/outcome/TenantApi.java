package dev.fleetway.runner.outcome;

import dev.fleetway.api.v1alpha1.Tenant;
import java.util.Optional;

/** The two requests that a runner sends to the API server. */
public interface TenantApi {
  /** The tenant as it is now; empty when there is none of this name. */
  Optional<Tenant> find(String name);

  /** Applies a JSON patch to the status subresource. */
  void patchStatus(String name, String jsonPatch);

  /** A request that was refused or never answered. */
  final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /** The HTTP status code, or 0 when there was no answer. */
    public ApiException(int code, Throwable cause) {
      super("the API server answered " + (code == 0 ? "nothing" : Integer.toString(code)), cause);
      this.code = code;
    }

    public int code() {
      return code;
    }

    /** The tenant is gone. */
    boolean isGone() {
      return code == 404;
    }

    /** A test of the patch failed, or the status is not acceptable. */
    boolean isRefused() {
      return code == 422;
    }

    /** Worth another try. */
    boolean isTransient() {
      return code == 0 || code == 409 || code == 429 || code >= 500;
    }
  }
}
