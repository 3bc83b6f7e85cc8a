package dev.fleetway.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.Kubectl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code kubectl proxy}: for questions that are asked all the time. A process for each would take a
 * fifth of a processor, and what is measured with it.
 */
final class ApiProxy implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\d+");
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Process process;
  private final String address;

  // Not HTTP/2: its offer to upgrade is taken for one to a stream, as exec makes it.
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  ApiProxy() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder("kubectl", "proxy", "--port=0").redirectErrorStream(true);
      builder.environment().put("KUBECONFIG", System.getenv(Kubectl.KUBECONFIG_VARIABLE));
      process = builder.start();
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      String line = output.readLine();
      Matcher found = ADDRESS.matcher(line == null ? "" : line);
      if (!found.find()) {
        throw new IllegalStateException("kubectl proxy: " + line);
      }
      address = "http://" + found.group();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty when there is no such object, or nobody answers just now. */
  Optional<JsonNode> get(String path) {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return response.statusCode() == 200
          ? Optional.of(Kubectl.parse(response.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
