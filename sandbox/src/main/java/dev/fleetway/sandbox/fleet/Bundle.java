package dev.fleetway.sandbox.fleet;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * SQL scripts by file name.
 *
 * @param scripts content by file name
 */
public record Bundle(SortedMap<String, String> scripts) {
  private static final String SAMPLE = "/fleetway/migrations";

  /** The version of the sample bundle before the one that bad data can violate. */
  public static final String SAMPLE_BASE = "109";

  /** The version of the sample bundle that makes customers' e-mail addresses unique. */
  public static final String SAMPLE_UNIQUE_EMAIL = "110";

  /** The newest version of the sample bundle. */
  public static final String SAMPLE_HEAD = "112";

  public Bundle {
    scripts = new TreeMap<>(scripts);
  }

  /** The sample bundle of this release. */
  public static Bundle sample() {
    try {
      URI uri = Bundle.class.getResource(SAMPLE).toURI();
      if (!uri.getScheme().equals("jar")) {
        return of(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return of(jar.getPath(SAMPLE));
      }
    } catch (URISyntaxException | IOException e) {
      throw new IllegalStateException("the sample bundle cannot be read", e);
    }
  }

  /** All files of a directory, whatever they are: it is for the runner to judge them. */
  public static Bundle of(Path directory) {
    SortedMap<String, String> scripts = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        scripts.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bundle " + directory, e);
    }
    return new Bundle(scripts);
  }

  /** As a ConfigMap that a run can name. */
  public ConfigMap toConfigMap(String namespace, String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withData(scripts)
        .build();
  }
}
