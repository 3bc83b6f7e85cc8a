package dev.fleetway.e2e.privilege;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One kind of request, such as {@code patch tenants.fleetway.dev/status}: what a rule grants, and
 * what a request needs.
 */
record ApiAccess(String verb, String resource) implements Comparable<ApiAccess> {

  static ApiAccess of(String verb, String group, String resource, String subresource) {
    return new ApiAccess(
        verb,
        resource
            + (group.isEmpty() ? "" : "." + group)
            + (subresource.isEmpty() ? "" : "/" + subresource));
  }

  /** All that a Role or ClusterRole grants. */
  static Set<ApiAccess> grantedBy(Map<String, Object> role) {
    Set<ApiAccess> granted = new TreeSet<>();
    for (Object each : (List<?>) role.get("rules")) {
      Map<?, ?> rule = (Map<?, ?>) each;
      for (Object group : (List<?>) rule.get("apiGroups")) {
        for (Object resource : (List<?>) rule.get("resources")) {
          String[] parts = resource.toString().split("/", 2);
          for (Object verb : (List<?>) rule.get("verbs")) {
            granted.add(
                of(verb.toString(), group.toString(), parts[0], parts.length > 1 ? parts[1] : ""));
          }
        }
      }
    }
    return granted;
  }

  /** What a line of the audit log asks for; empty for paths that are no resource. */
  static Optional<ApiAccess> askedFor(JsonNode event) {
    JsonNode object = event.path("objectRef");
    return object.path("resource").asText().isEmpty()
        ? Optional.empty()
        : Optional.of(
            of(
                event.path("verb").asText(),
                object.path("apiGroup").asText(),
                object.path("resource").asText(),
                object.path("subresource").asText()));
  }

  @Override
  public int compareTo(ApiAccess other) {
    int byResource = resource.compareTo(other.resource);
    return byResource != 0 ? byResource : verb.compareTo(other.verb);
  }

  @Override
  public String toString() {
    return verb + " " + resource;
  }
}
