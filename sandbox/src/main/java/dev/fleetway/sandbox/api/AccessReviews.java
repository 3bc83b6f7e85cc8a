package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/** There are no users here: everyone may do everything, and that is what reviews answer. */
final class AccessReviews {
  private static final Set<String> ACCESS =
      Set.of("selfsubjectaccessreviews", "subjectaccessreviews", "localsubjectaccessreviews");

  private AccessReviews() {}

  static Optional<ObjectNode> answer(RequestPath path, String body) {
    if (!path.groupPath().equals("apis/authorization.k8s.io/v1")) {
      return Optional.empty();
    }
    ObjectNode review = Json.readObject(body);
    ObjectNode status = review.putObject("status");
    if (ACCESS.contains(path.plural())) {
      status.put("allowed", true);
    } else if (path.plural().equals("selfsubjectrulesreviews")) {
      status.put("incomplete", false);
      ObjectNode rule = status.putArray("resourceRules").addObject();
      for (String field : new String[] {"verbs", "apiGroups", "resources"}) {
        rule.putArray(field).add("*");
      }
      status.putArray("nonResourceRules");
    } else {
      throw ApiException.noSuchPath();
    }
    return Optional.of(review);
  }
}
