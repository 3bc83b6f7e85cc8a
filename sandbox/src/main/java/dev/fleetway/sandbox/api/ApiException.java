package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A refusal in the words of a Kubernetes API server. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  private ApiException(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  static ApiException notFound(ResourceType type, String name) {
    return new ApiException(404, "NotFound", type.qualified() + " \"" + name + "\" not found");
  }

  static ApiException noSuchPath() {
    return new ApiException(404, "NotFound", "the server could not find the requested resource");
  }

  static ApiException notAllowed() {
    return new ApiException(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  static ApiException alreadyExists(ResourceType type, String name) {
    return new ApiException(
        409, "AlreadyExists", type.qualified() + " \"" + name + "\" already exists");
  }

  static ApiException conflict(ResourceType type, String name, String why) {
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why);
  }

  static ApiException expired() {
    return new ApiException(410, "Expired", "too old resource version");
  }

  static ApiException unsupportedFormat(String contentType) {
    return new ApiException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted"
            + " media types do not include "
            + contentType);
  }

  static ApiException invalid(ResourceType type, String name, String why) {
    return new ApiException(
        422, "Invalid", type.kind() + "." + type.group() + " \"" + name + "\" is invalid: " + why);
  }

  static ApiException unprocessable(String why) {
    return new ApiException(422, "Invalid", "the server rejected our request: " + why);
  }

  static ApiException internal(RuntimeException cause) {
    return new ApiException(500, "InternalError", "internal error: " + cause);
  }

  int code() {
    return code;
  }

  /** The {@code meta/v1 Status} that goes over the wire. */
  ObjectNode toStatus() {
    ObjectNode status = Json.object("v1", "Status");
    status.putObject("metadata");
    return status
        .put("status", "Failure")
        .put("message", getMessage())
        .put("reason", reason)
        .put("code", code);
  }
}
