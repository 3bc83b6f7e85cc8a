package dev.fleetway.cli.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the scripts come from and how they are read. */
final class SourceOptions {
  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description = "A directory of Flyway SQL scripts: checked first, then put into ConfigMaps.")
  private Path bundle;

  @Option(
      names = "--image",
      paramLabel = "REF",
      description = "An image that holds the scripts; pin it by digest.")
  private String image;

  @Option(
      names = "--image-path",
      paramLabel = "PATH",
      description = "With --image: their directory in it. Default: /migrations.")
  private String imagePath;

  @Option(
      names = "--image-mount",
      paramLabel = "MODE",
      description =
          "With --image: Copy (the image has cp) or Runner (it is a runner image). Default: Copy.")
  private String imageMount;

  @Option(
      names = "--config-map",
      paramLabel = "NAME",
      description = "A ConfigMap that holds scripts already. May be given more than once.")
  private List<String> configMaps;

  @Option(
      names = "--target-version",
      paramLabel = "VERSION",
      description = "Go no further than this version. Default: the newest of the bundle.")
  private String targetVersion;

  @Option(
      names = "--baseline-version",
      paramLabel = "VERSION",
      description = "Adopt schemas that have no history: versions up to this one count as applied.")
  private String baselineVersion;

  @Option(
      names = "--out-of-order",
      description = "Apply versions below one that is applied already.")
  private boolean outOfOrder;

  @Option(
      names = "--realign-checksums",
      paramLabel = "VERSION",
      split = ",",
      description = "Accept the edited scripts of these versions where the old ones were applied.")
  private List<String> realign;

  @Option(
      names = "--placeholder",
      paramLabel = "NAME=VALUE",
      description =
          "A value for $${NAME} in the scripts; turns replacement on. May be given more than once.")
  private Map<String, String> placeholders;

  Optional<Path> bundle() {
    return Optional.ofNullable(bundle);
  }

  Optional<String> targetVersion() {
    return Optional.ofNullable(targetVersion);
  }

  /** Did somebody name a source, and how many? */
  int sources() {
    return (bundle == null ? 0 : 1) + (image == null ? 0 : 1) + (configMaps == null ? 0 : 1);
  }

  /** Writes what was given into a spec; the names are those of the bundle's ConfigMaps. */
  void write(ObjectNode spec, List<String> bundleConfigMaps) {
    ObjectNode migrations = spec.withObjectProperty("migrations");
    if (image != null) {
      ObjectNode source = migrations.withObjectProperty("image").put("reference", image);
      put(source, "path", imagePath);
      put(source, "mount", imageMount);
    } else {
      List<String> names = configMaps == null ? bundleConfigMaps : configMaps;
      names.forEach(
          name -> migrations.withArrayProperty("configMapRefs").addObject().put("name", name));
    }
    if (placeholders != null) {
      placeholders.forEach(migrations.withObjectProperty("placeholders")::put);
    }
    if (outOfOrder) {
      migrations.put("outOfOrder", true);
    }
    if (realign != null) {
      realign.forEach(migrations.withArrayProperty("realignChecksums")::add);
    }
    put(spec, "targetVersion", targetVersion);
    put(spec, "baselineVersion", baselineVersion);
  }

  private static void put(ObjectNode node, String field, String value) {
    if (value != null) {
      node.put(field, value);
    }
  }
}
