package dev.fleetway.e2e.privilege;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccessReportTest {
  private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");

  private static final Set<ApiAccess> GRANTED =
      ApiAccess.grantedBy(
          Map.of(
              "rules",
              List.of(
                  Map.of(
                      "apiGroups", List.of("fleetway.dev"),
                      "resources", List.of("tenants"),
                      "verbs", List.of("get", "list")),
                  Map.of(
                      "apiGroups", List.of("fleetway.dev"),
                      "resources", List.of("tenants/status"),
                      "verbs", List.of("patch")),
                  Map.of(
                      "apiGroups", List.of(""),
                      "resources", List.of("pods", "configmaps"),
                      "verbs", List.of("get")))));

  @Test
  void readsEveryRuleOfARole() {
    assertThat(GRANTED)
        .extracting(ApiAccess::toString)
        .containsExactly(
            "get configmaps",
            "get pods",
            "get tenants.fleetway.dev",
            "list tenants.fleetway.dev",
            "patch tenants.fleetway.dev/status");
  }

  @Test
  void namesWhatWasGrantedAndNeverAskedFor() {
    AccessReport report =
        report(
            event("get", "fleetway.dev", "tenants", "", "allow"),
            event("patch", "fleetway.dev", "tenants", "status", "allow"),
            event("get", "", "configmaps", "", "allow"));

    assertThat(report.unused())
        .extracting(ApiAccess::toString)
        .containsExactly("get pods", "list tenants.fleetway.dev");
    assertThat(report.refused()).isEmpty();
  }

  @Test
  void countsWhatWasRefused() {
    AccessReport report =
        report(
            event("list", "", "secrets", "", "forbid"), event("list", "", "secrets", "", "forbid"));

    assertThat(report.refused()).isEqualTo(Map.of(new ApiAccess("list", "secrets"), 2));
  }

  @Test
  void countsWhatAnotherBindingAllowed() {
    assertThat(report(event("get", "", "secrets", "", "allow")).refused())
        .isEqualTo(Map.of(new ApiAccess("get", "secrets"), 1));
  }

  @Test
  void leavesOutOthersEarlierOnesOwnRightsAndPathsWithoutAResource() {
    String asked = event("get", "", "pods", "", "allow");
    AccessReport report =
        report(
            asked.replace(":fleetway-operator", ":other"),
            asked.replace("T10:00:01", "T09:59:59"),
            event("create", "authorization.k8s.io", "selfsubjectaccessreviews", "", "allow"),
            event("get", "", "", "", "allow"));

    assertThat(report.unused()).isEqualTo(GRANTED);
    assertThat(report.refused()).isEmpty();
  }

  @Test
  void aNamespaceThatGoesRefusesWhatTheRoleAllows() {
    String refused = event("get", "", "pods", "", "allow").replace("\"code\":200", "\"code\":403");
    assertThat(report(refused).refused()).isEmpty();
  }

  private static AccessReport report(String... log) {
    return AccessReport.of(Stream.of(log), "fleetway-operator", BEGIN, GRANTED);
  }

  private static String event(
      String verb, String group, String resource, String subresource, String decision) {
    return """
    {"verb":"%s","user":{"username":"system:serviceaccount:fleet:fleetway-operator"},\
    "objectRef":{"apiGroup":"%s","resource":"%s","subresource":"%s"},\
    "requestReceivedTimestamp":"2026-11-21T10:00:01.000000Z","responseStatus":{"code":200},\
    "annotations":{"authorization.k8s.io/decision":"%s"}}\
    """
        .formatted(verb, group, resource, subresource, decision);
  }
}
