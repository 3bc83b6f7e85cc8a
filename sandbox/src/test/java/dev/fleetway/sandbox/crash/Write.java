package dev.fleetway.sandbox.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A write of the operator, named by its meaning: the number of a write would depend on how threads
 * take turns, and its URL on uids.
 *
 * @param what method, object and, for a patch, what it changes
 * @param occurrence which write of that name, from 1
 */
record Write(String what, int occurrence) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");

  /** What the operator says of itself: no state of a run. */
  private static final Set<String> UNCOUNTED = Set.of("leases", "selfsubjectaccessreviews");

  private static final Pattern OBJECT =
      Pattern.compile("/namespaces/[^/]+/(?<kind>[a-z]+)(/(?<name>[^/]+))?(/(?<part>[a-z]+))?$");

  /** Name of the write that a request would be; empty for reads. */
  static Optional<String> named(String method, String uriPath, String bodyText) {
    Matcher path = OBJECT.matcher(uriPath);
    if (!METHODS.contains(method) || !path.find() || UNCOUNTED.contains(path.group("kind"))) {
      return Optional.empty();
    }
    JsonNode body = parsed(bodyText);
    return Optional.of(
        "%s %s %s%s"
            .formatted(
                method,
                path.group("kind"),
                name(path, body),
                method.equals("PATCH") ? change(body) : ""));
  }

  /** What the operator tells people; nothing hangs on it. */
  boolean isEvent() {
    return what.startsWith("POST events ");
  }

  private static String name(Matcher path, JsonNode body) {
    if (path.group("kind").equals("events") && path.group("name") == null) {
      return body.path("reason").asText();
    }
    return withoutHashes(
        path.group("name") == null
            ? body.path("metadata").path("name").asText()
            : path.group("name"));
  }

  private static JsonNode parsed(String body) {
    try {
      return body == null || body.isEmpty() ? JSON.missingNode() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String change(JsonNode body) {
    if (body.isArray()) {
      JsonNode last = body.get(body.size() - 1);
      return " (%s %s)".formatted(last.path("op").asText(), last.path("path").asText());
    }
    JsonNode status = body.path("status");
    if (status.isMissingNode()) {
      return "";
    }
    return status.has("access")
        ? " (access)"
        : " (attempt %s, %s, %s, cohorts %s)"
            .formatted(
                status.path("attempt").asText(),
                status.path("phase").asText(),
                status.path("conditions").path(0).path("reason").asText(),
                status.path("cohortProgress").asText());
  }

  /** The start of a uid and of a plan's hash differ from run to run. */
  static String withoutHashes(String name) {
    return name.replaceAll("-plan-[0-9a-f]{8}-", "-plan-").replaceAll("-[0-9a-f]{6}$", "");
  }

  @Override
  public String toString() {
    return occurrence == 1 ? what : what + " #" + occurrence;
  }
}
