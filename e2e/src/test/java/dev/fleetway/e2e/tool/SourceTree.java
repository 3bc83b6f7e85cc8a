package dev.fleetway.e2e.tool;

import java.nio.file.Files;
import java.nio.file.Path;

/** The files of the repository that the tests are about. */
public final class SourceTree {
  private SourceTree() {}

  /** The version that is being built: of the modules, the images, and the chart's appVersion. */
  public static String version() {
    return System.getProperty("fleetway.version");
  }

  /** A path below the repository's root; Maven starts tests in the module, an IDE perhaps above. */
  public static Path file(String path) {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(root.resolve("mvnw"))) {
      root = root.getParent();
      if (root == null) {
        throw new IllegalStateException(
            "not inside the source tree: " + Path.of("").toAbsolutePath());
      }
    }
    return root.resolve(path);
  }
}
