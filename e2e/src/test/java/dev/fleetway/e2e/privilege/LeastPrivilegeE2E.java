package dev.fleetway.e2e.privilege;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.e2e.tool.Helm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After all scenarios: what each ServiceAccount of the chart may do against what it asked for, by
 * the API server's audit log. Comes last.
 */
@Order(Integer.MAX_VALUE)
class LeastPrivilegeE2E {
  private static final String LOG_VARIABLE = "FLEETWAY_AUDIT_LOG";
  private static final String STARTED_VARIABLE = "FLEETWAY_E2E_STARTED";

  /** Needed, and never a request of its own. */
  private static final Map<String, Set<ApiAccess>> ASKED_ABOUT =
      Map.of(
          "fleetway-operator",
          Set.of(
              // clusters with OwnerReferencesPermissionEnforcement, for blockOwnerDeletion
              new ApiAccess("update", "tenantmigrationruns.fleetway.dev/finalizers"),
              // the Operator SDK does not start without it, and then patches
              new ApiAccess("update", "leases.coordination.k8s.io")));

  /** An operator that is uninstalled asks it last, when its rights may be gone already. */
  private static final Map<String, Set<ApiAccess>> MAY_BE_REFUSED =
      Map.of("fleetway-operator", Set.of(new ApiAccess("get", "namespaces")));

  static Stream<String> accounts() {
    return ChartRoles.in(Helm.template().output()).keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("accounts")
  void isGrantedWhatItAsksForAndNothingElse(String account) throws IOException {
    Set<ApiAccess> granted = ChartRoles.in(Helm.template().output()).get(account);
    AccessReport report = report(account, granted);

    assertThat(report.refused().keySet())
        .as("asked for by %s and not granted", account)
        .isSubsetOf(MAY_BE_REFUSED.getOrDefault(account, Set.of()));
    assertThat(report.unused())
        .as(
            "granted to %s, and no scenario needs it: take it away, or add a scenario; it has %s",
            account, granted)
        .isEqualTo(new TreeSet<>(ASKED_ABOUT.getOrDefault(account, Set.of())));
  }

  private static AccessReport report(String account, Set<ApiAccess> granted) throws IOException {
    Instant since = Instant.parse(variable(STARTED_VARIABLE));
    try (Stream<String> log =
        Files.lines(Path.of(variable(LOG_VARIABLE)), StandardCharsets.UTF_8)) {
      return AccessReport.of(log, account, since, granted);
    }
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          name
              + " is not set: start this with ./e2e/run, with "
              + LOG_VARIABLE
              + " naming the audit log of the API server");
    }
    return value;
  }
}
