package dev.fleetway.bench.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The audit log of a kube-apiserver: all answered requests but watches, and its own. */
final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived, ResponseStarted]
      rules:
      - level: None
        users: [system:apiserver]
      - level: Request
        verbs: [patch]
        resources: [{group: fleetway.dev, resources: [tenantmigrationruns/status]}]
      - level: Metadata
      """;

  private final Path file;
  private final Path policy;

  private AuditLog(Path file, Path policy) {
    this.file = file;
    this.policy = policy;
  }

  /** A new log in this directory. */
  static AuditLog in(Path directory) throws IOException {
    AuditLog log = new AuditLog(directory.resolve("audit.log"), directory.resolve("audit.yaml"));
    Files.deleteIfExists(log.file);
    Files.writeString(log.policy, POLICY);
    return log;
  }

  /** What makes an API server write it. */
  Map<String, String> flags() {
    return Map.of(
        "audit-policy-file",
        policy.toString(),
        "audit-log-path",
        file.toString(),
        // it would begin a new file after 100 MB
        "audit-log-maxsize",
        "100000");
  }

  /** The requests that were answered from this time on, in the order of their answers. */
  List<ApiRequest> since(Instant start) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(AuditLog::parse)
          .flatMap(Optional::stream)
          .filter(request -> !request.answered().isBefore(start))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Optional<ApiRequest> parse(String line) {
    JsonNode event;
    try {
      event = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    JsonNode object = event.path("objectRef");
    if (object.isMissingNode() || event.path("verb").asText().equals("watch")) {
      return Optional.empty();
    }
    String subresource = object.path("subresource").asText();
    JsonNode body = event.path("requestObject");
    return Optional.of(
        new ApiRequest(
            event.path("userAgent").asText(),
            event.path("verb").asText(),
            object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
            object.path("name").asText(),
            event.path("responseStatus").path("code").asInt(),
            Instant.parse(event.path("stageTimestamp").asText()),
            body.isMissingNode() ? MissingNode.getInstance() : body));
  }
}
