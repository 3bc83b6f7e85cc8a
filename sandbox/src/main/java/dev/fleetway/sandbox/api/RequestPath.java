package dev.fleetway.sandbox.api;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A resource path taken apart.
 *
 * @param groupPath {@code api/v1} or {@code apis/GROUP/VERSION}
 * @param namespace empty for all namespaces and for cluster scope
 * @param plural the resource
 * @param name empty for a collection
 * @param subresource empty for the object itself
 * @param query decoded query parameters, the last of each name
 */
record RequestPath(
    String groupPath,
    String namespace,
    String plural,
    String name,
    String subresource,
    Map<String, String> query) {

  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

  /** Segments of the path without empty ones. */
  static List<String> segments(String url) {
    return Arrays.stream(URI.create(url).getPath().split("/", -1))
        .filter(segment -> !segment.isEmpty())
        .toList();
  }

  static Map<String, String> query(String url) {
    String raw = URI.create(url).getRawQuery();
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        query.put(decode(key), decode(value));
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Empty path parts stay empty strings; a path that is no resource gives null. */
  static RequestPath parse(String url) {
    List<String> parts = segments(url);
    int root = parts.isEmpty() ? 0 : parts.get(0).equals("api") ? 2 : 3;
    if (parts.size() <= root || !Set.of("api", "apis").contains(parts.get(0))) {
      return null;
    }
    String groupPath = String.join("/", parts.subList(0, root));
    List<String> rest = parts.subList(root, parts.size());
    String namespace = "";
    boolean inNamespace =
        rest.get(0).equals("namespaces")
            && rest.size() > 2
            && !NAMESPACE_SUBRESOURCES.contains(rest.get(2));
    if (inNamespace) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    return new RequestPath(
        groupPath, namespace, rest.get(0), part(rest, 1), part(rest, 2), query(url));
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }

  boolean isWatch() {
    String watch = query.getOrDefault("watch", "");
    return watch.equals("true") || watch.equals("1");
  }

  String parameter(String key) {
    return query.getOrDefault(key, "");
  }
}
