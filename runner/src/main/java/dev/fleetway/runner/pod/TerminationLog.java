package dev.fleetway.runner.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the pod's last word. The kubelet keeps the <em>last</em> 4,096 bytes, which would leave no
 * JSON: what is too long is shortened here, the longest part first.
 */
public final class TerminationLog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ELLIPSIS = " …";

  private final Path file;

  public TerminationLog(Path file) {
    this.file = file;
  }

  public void write(TerminationMessage message) {
    try {
      // Not writeString(), which refuses the half of a character that shortening may leave.
      Files.write(file, fit(message).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the termination message", e);
    }
  }

  /** The message as JSON below the limit. */
  static String fit(TerminationMessage message) {
    TerminationMessage candidate = message;
    String json = json(candidate);
    while (bytes(json) >= PodContract.TERMINATION_MESSAGE_LIMIT) {
      candidate = shorter(candidate);
      json = json(candidate);
    }
    return json;
  }

  private static TerminationMessage shorter(TerminationMessage message) {
    PodError error = message.error();
    if (error != null && error.message().length() > 200) {
      int keep = error.message().length() * 9 / 10 - ELLIPSIS.length();
      return new TerminationMessage(
          message.bundle(),
          new PodError(error.reason(), error.message().substring(0, keep) + ELLIPSIS),
          message.summary());
    }
    BundleReport bundle = message.bundle();
    if (bundle != null && !bundle.warnings().isEmpty()) {
      return new TerminationMessage(withoutLastWarning(bundle), error, message.summary());
    }
    RunSummary summary = message.summary();
    if (summary != null && !summary.inFlight().isEmpty()) {
      return new TerminationMessage(
          bundle,
          error,
          new RunSummary(
              summary.succeeded(),
              summary.alreadyCurrent(),
              summary.failed(),
              summary.notStarted(),
              withoutLast(summary.inFlight())));
    }
    throw new IllegalStateException("a termination message that cannot be shortened");
  }

  private static BundleReport withoutLastWarning(BundleReport bundle) {
    return new BundleReport(
        bundle.digest(),
        bundle.headVersion(),
        bundle.scripts(),
        bundle.newestVersions(),
        bundle.codeFloors(),
        withoutLast(bundle.warnings()));
  }

  private static List<String> withoutLast(List<String> list) {
    return list.subList(0, list.size() - 1);
  }

  private static int bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String json(TerminationMessage message) {
    try {
      return JSON.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
