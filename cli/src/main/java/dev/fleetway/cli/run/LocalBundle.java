package dev.fleetway.cli.run;

import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleInspection;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.pod.PermanentError;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bundle in a directory, read and judged by the same code as in the inspect pod.
 *
 * @param bundle its scripts
 * @param report what inspect would say
 * @param files the text of each file by its name
 */
record LocalBundle(Bundle bundle, BundleReport report, Map<String, String> files) {
  /** The API server takes 1 MiB of data; the rest is for names and labels. */
  private static final int MOST_BYTES = 1_000_000;

  private static final int MOST_MAPS = 16;
  private static final int DIGEST_START = "sha256:".length();
  private static final int DIGEST_LENGTH = 8;

  /** Reads it; what is wrong with it is one failure that says everything. */
  static LocalBundle read(Path directory, Optional<String> target) {
    if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
      throw CommandFailure.usage(
          "--bundle "
              + directory
              + " is no directory that can be read: name the one with the scripts");
    }
    try {
      Bundle bundle = BundleReader.read(directory);
      return new LocalBundle(
          bundle, BundleInspection.report(bundle, target), BundleReader.texts(directory));
    } catch (PermanentError e) {
      throw CommandFailure.usage("the bundle " + directory + " is broken: " + e.getMessage());
    }
  }

  /** As many ConfigMaps as it takes, for this run. Immutable: a run's bundle never changes. */
  List<ConfigMap> configMaps(String run) {
    List<Map<String, String>> parts = new ArrayList<>();
    long bytes = MOST_BYTES;
    for (Map.Entry<String, String> file : files.entrySet()) {
      int size = size(file);
      if (size > MOST_BYTES) {
        throw CommandFailure.usage(
            file.getKey()
                + " is larger than a ConfigMap takes (1 MiB): put the scripts in an image");
      }
      if (bytes + size > MOST_BYTES) {
        parts.add(new LinkedHashMap<>());
        bytes = 0;
      }
      parts.get(parts.size() - 1).put(file.getKey(), file.getValue());
      bytes += size;
    }
    if (parts.size() > MOST_MAPS) {
      throw CommandFailure.usage(
          "the bundle is larger than "
              + MOST_MAPS
              + " ConfigMaps take: put the scripts in an image");
    }
    List<ConfigMap> maps = new ArrayList<>();
    for (Map<String, String> part : parts) {
      maps.add(configMap(run, maps.size() + 1, part));
    }
    return maps;
  }

  private static int size(Map.Entry<String, String> file) {
    return file.getKey().length() + file.getValue().getBytes(StandardCharsets.UTF_8).length;
  }

  private ConfigMap configMap(String run, int part, Map<String, String> data) {
    String digest = bundle.digest().substring(DIGEST_START, DIGEST_START + DIGEST_LENGTH);
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName("%s-bundle-%s-%d".formatted(run, digest, part))
        .addToLabels("app.kubernetes.io/name", "fleetway-bundle")
        .addToLabels("app.kubernetes.io/managed-by", "fleetway-cli")
        .endMetadata()
        .withImmutable(true)
        .withData(data)
        .build();
  }
}
