package dev.fleetway.api.testing;

import java.util.Map;

/** Whether the tests that need a real API server can run, must be skipped, or have to fail. */
enum ApiServerGate {
  OPEN,
  SKIP,
  FAIL;

  static final String DIRECTORY_VARIABLE = "KUBE_API_TEST_DIR";

  static final String REASON =
      DIRECTORY_VARIABLE
          + " is not set: it names the directory with k8s/<version>-<platform>/kube-apiserver and"
          + " etcd";

  /** A skip would hide a broken pipeline: with {@code CI=true} it is a failure. */
  static ApiServerGate of(Map<String, String> environment) {
    if (!environment.getOrDefault(DIRECTORY_VARIABLE, "").isBlank()) {
      return OPEN;
    }
    return environment.getOrDefault("CI", "").equals("true") ? FAIL : SKIP;
  }
}
