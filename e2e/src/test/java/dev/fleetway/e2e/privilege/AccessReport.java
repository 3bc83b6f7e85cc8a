package dev.fleetway.e2e.privilege;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.Kubectl;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a ServiceAccount was granted against what it asked for.
 *
 * @param unused granted, and never asked for
 * @param refused asked for and not granted; with how often
 */
record AccessReport(Set<ApiAccess> unused, TreeMap<ApiAccess, Integer> refused) {
  private static final String PREFIX = "system:serviceaccount:";
  // every authenticated user may ask what it may do
  private static final String OWN_RIGHTS = ".authorization.k8s.io";

  /**
   * Reads the API server's audit log.
   *
   * @param log one JSON event per line
   * @param account name of the ServiceAccount, in whatever namespace
   * @param since older events are another run's
   */
  static AccessReport of(
      Stream<String> log, String account, Instant since, Set<ApiAccess> granted) {
    Set<ApiAccess> unused = new TreeSet<>(granted);
    TreeMap<ApiAccess, Integer> refused = new TreeMap<>();
    log.filter(line -> line.contains(":" + account + "\""))
        .map(Kubectl::parse)
        .filter(event -> isOf(event, account) && !time(event).isBefore(since))
        .forEach(
            event -> {
              Optional<ApiAccess> access = ApiAccess.askedFor(event);
              access.ifPresent(unused::remove);
              access
                  .filter(asked -> isRefused(event) || isBeyond(asked, granted))
                  .ifPresent(asked -> refused.merge(asked, 1, Integer::sum));
            });
    return new AccessReport(unused, refused);
  }

  private static boolean isOf(JsonNode event, String account) {
    String user = event.at("/user/username").asText();
    return user.startsWith(PREFIX) && user.endsWith(":" + account);
  }

  private static Instant time(JsonNode event) {
    return Instant.parse(event.path("requestReceivedTimestamp").asText());
  }

  /** By the authorizer; a namespace that is being deleted refuses what RBAC allows. */
  private static boolean isRefused(JsonNode event) {
    return event
        .path("annotations")
        .path("authorization.k8s.io/decision")
        .asText()
        .equals("forbid");
  }

  private static boolean isBeyond(ApiAccess asked, Set<ApiAccess> granted) {
    return !granted.contains(asked) && !asked.resource().contains(OWN_RIGHTS);
  }
}
