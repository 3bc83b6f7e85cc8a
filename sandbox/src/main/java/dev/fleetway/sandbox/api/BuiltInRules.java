package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The few things that API servers do to their own kinds and that Fleetway depends on. */
final class BuiltInRules {
  private BuiltInRules() {}

  static void onCreate(ResourceType type, ObjectNode object) {
    switch (type.kind()) {
      case "Secret" -> encodeStringData(object);
      case "Job" -> labelTemplate(object);
      case "Namespace" -> Json.child(object, "status").put("phase", "Active");
      case "Pod" -> Json.child(object, "status").put("phase", "Pending");
      case "CustomResourceDefinition" -> establish(object);
      default -> {
        // nothing to add
      }
    }
  }

  static void onUpdate(ResourceType type, ObjectNode old, ObjectNode object) {
    switch (type.kind()) {
      case "Secret" -> {
        encodeStringData(object);
        refuseImmutable(type, old, object);
      }
      case "ConfigMap" -> refuseImmutable(type, old, object);
      default -> {
        // nothing to check
      }
    }
  }

  private static void encodeStringData(ObjectNode secret) {
    if (secret.remove("stringData") instanceof ObjectNode plain) {
      ObjectNode data = Json.child(secret, "data");
      plain
          .properties()
          .forEach(
              entry ->
                  data.put(
                      entry.getKey(),
                      Base64.getEncoder()
                          .encodeToString(
                              entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
    if (!secret.has("type")) {
      secret.put("type", "Opaque");
    }
  }

  private static void refuseImmutable(ResourceType type, ObjectNode old, ObjectNode object) {
    boolean sameContent =
        old.path("data").equals(object.path("data"))
            && old.path("binaryData").equals(object.path("binaryData"));
    if (old.path("immutable").asBoolean()
        && !(sameContent && object.path("immutable").asBoolean())) {
      throw ApiException.invalid(
          type, Json.name(old), "data: Forbidden: field is immutable when `immutable` is set");
    }
  }

  /** Pods find their way back to the Job by these labels. */
  private static void labelTemplate(ObjectNode job) {
    JsonNode template = job.path("spec").path("template");
    if (template instanceof ObjectNode pod) {
      Json.child(Json.metadata(pod), "labels")
          .put("batch.kubernetes.io/job-name", Json.name(job))
          .put("batch.kubernetes.io/controller-uid", Json.uid(job))
          .put("job-name", Json.name(job))
          .put("controller-uid", Json.uid(job));
    }
  }

  private static void establish(ObjectNode crd) {
    JsonNode names = crd.path("spec").path("names");
    ObjectNode status = Json.child(crd, "status");
    status.set("acceptedNames", names.deepCopy());
    ArrayNode conditions = status.putArray("conditions");
    String time = crd.path("metadata").path("creationTimestamp").asText();
    for (String type : new String[] {"NamesAccepted", "Established"}) {
      conditions
          .addObject()
          .put("type", type)
          .put("status", "True")
          .put("lastTransitionTime", time)
          .put("reason", "Accepted")
          .put("message", "");
    }
  }
}
