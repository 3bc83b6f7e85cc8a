package dev.fleetway.sandbox.rollout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an endpoint exposed, in the text format of Prometheus. */
record Exposition(String text) {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{([^}]*)})? ");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"");

  static Exposition read(int port) {
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("/metrics answers " + answer.statusCode());
      }
      return new Exposition(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Type and labels of each family by its name; a family without a sample is left out. */
  Map<String, String> describe() {
    Map<String, Set<String>> labels = labels();
    Map<String, String> families = new TreeMap<>();
    TYPE.matcher(text)
        .results()
        .forEach(
            match -> {
              String name = match.group(1);
              boolean isHistogram = match.group(2).equals("histogram");
              Set<String> own = labels.get(isHistogram ? name + "_count" : name);
              if (own != null) {
                families.put(name, match.group(2) + " " + own);
              }
            });
    return families;
  }

  private Map<String, Set<String>> labels() {
    Map<String, Set<String>> labels = new TreeMap<>();
    Matcher samples = SAMPLE.matcher(text);
    while (samples.find()) {
      Set<String> names = labels.computeIfAbsent(samples.group(1), key -> new TreeSet<>());
      if (samples.group(2) == null) {
        names.add("");
      } else {
        LABEL.matcher(samples.group(2)).results().forEach(label -> names.add(label.group(1)));
      }
    }
    return labels;
  }
}
