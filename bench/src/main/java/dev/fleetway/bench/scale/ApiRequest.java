package dev.fleetway.bench.scale;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Set;

/**
 * One request, as the API server recorded it when it had answered.
 *
 * @param userAgent who sent it
 * @param verb such as {@code get}, {@code list}, {@code patch}
 * @param resource such as {@code tenants/status}
 * @param name name of the object; empty for a collection
 * @param code HTTP status of the answer
 * @param answered when the answer was complete
 * @param body what was sent; missing where it was not recorded
 */
record ApiRequest(
    String userAgent,
    String verb,
    String resource,
    String name,
    int code,
    Instant answered,
    JsonNode body) {

  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");
  private static final int FIRST_REFUSAL = 300;

  boolean isFrom(Sender sender) {
    return sender.userAgent().equals(userAgent);
  }

  /** Writes that were refused are writes too: they cost the same. */
  boolean isWrite() {
    return WRITES.contains(verb);
  }

  boolean did(Sender sender, String wantedVerb, String wantedResource) {
    return isFrom(sender)
        && verb.equals(wantedVerb)
        && resource.equals(wantedResource)
        && code < FIRST_REFUSAL;
  }
}
