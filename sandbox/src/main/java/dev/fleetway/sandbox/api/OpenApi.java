package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * OpenAPI v3 of one group: enough for {@code kubectl apply} to leave validation to the server, and
 * for {@code kubectl explain} of the custom resources.
 */
final class OpenApi {
  private OpenApi() {}

  static ObjectNode document(List<ResourceType> types) {
    ObjectNode document = Json.empty().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Fleetway sandbox").put("version", "v1.34.4");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (ResourceType type : types) {
      String schemaName = schemaName(type);
      ObjectNode schema =
          type.isCustom() ? type.schema().deepCopy() : Json.empty().put("type", "object");
      ObjectNode properties = Json.child(schema, "properties");
      text(properties, "apiVersion");
      text(properties, "kind");
      Json.child(properties, "metadata").put("type", "object");
      kind(schema.putArray("x-kubernetes-group-version-kind").addObject(), type);
      schemas.set(schemaName, schema);
      String scope = type.namespaced() ? "/namespaces/{namespace}/" : "/";
      ObjectNode path = paths.putObject("/" + type.groupPath() + scope + type.plural() + "/{name}");
      operation(path, "get", "get", type, schemaName);
      ObjectNode patch = operation(path, "patch", "patch", type, schemaName);
      parameter(patch.putArray("parameters"), "fieldValidation");
    }
    return document;
  }

  private static String schemaName(ResourceType type) {
    return (type.group().isEmpty() ? "core" : type.group())
        + "."
        + type.version()
        + "."
        + type.kind();
  }

  private static void text(ObjectNode properties, String name) {
    Json.child(properties, name).put("type", "string");
  }

  private static void kind(ObjectNode target, ResourceType type) {
    target.put("group", type.group()).put("kind", type.kind()).put("version", type.version());
  }

  private static ObjectNode operation(
      ObjectNode path, String verb, String action, ResourceType type, String schemaName) {
    ObjectNode operation = path.putObject(verb);
    operation.put("x-kubernetes-action", action);
    kind(operation.putObject("x-kubernetes-group-version-kind"), type);
    operation
        .putObject("responses")
        .putObject("200")
        .put("description", "OK")
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + schemaName);
    return operation;
  }

  private static void parameter(ArrayNode parameters, String name) {
    parameters
        .addObject()
        .put("name", name)
        .put("in", "query")
        .putObject("schema")
        .put("type", "string");
  }
}
