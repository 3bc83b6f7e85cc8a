package dev.fleetway.runner.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file system of an image archive, laid out in a directory of this machine. Java accepts an AOT
 * cache when the jars have the same sizes, times and order; a common beginning of their paths does
 * not count, which is why a cache made below this directory is good in the image.
 */
final class ImageRoot {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String APP = "/app/";

  private final Path root;
  private final JsonNode config;

  private ImageRoot(Path root, JsonNode config) {
    this.root = root;
    this.config = config;
  }

  static ImageRoot extract(Path archive, Path directory) throws IOException, InterruptedException {
    Path parts = Files.createDirectories(directory.resolve("archive"));
    Path root = Files.createDirectories(directory.resolve("root"));
    untar(archive, parts);
    JsonNode image = JSON.readTree(parts.resolve("manifest.json").toFile()).get(0);
    for (JsonNode layer : image.get("Layers")) {
      untar(parts.resolve(layer.asText()), root);
    }
    JsonNode config = JSON.readTree(parts.resolve(image.get("Config").asText()).toFile());
    return new ImageRoot(root, config.get("config"));
  }

  /** The home of the image's Java, as the image names it. */
  Path javaHome() {
    for (JsonNode variable : config.get("Env")) {
      if (variable.asText().startsWith("JAVA_HOME=")) {
        return inside(variable.asText().substring("JAVA_HOME=".length()));
      }
    }
    throw new IllegalStateException("the base image sets no JAVA_HOME");
  }

  /** What the image's entry point gives to Java before the main class, with the paths here. */
  List<String> flags() throws IOException {
    List<String> flags = new ArrayList<>();
    for (JsonNode argument : config.get("Entrypoint")) {
      flags.add(here(argument.asText()));
    }
    if (!flags.remove(0).equals("java")) {
      throw new IllegalStateException("the entry point is not java: " + config.get("Entrypoint"));
    }
    int classPath = flags.indexOf("-cp");
    return flags.subList(0, classPath);
  }

  String classPath() throws IOException {
    String paths = Files.readString(inside("/app/jib-classpath-file")).strip();
    return Arrays.stream(paths.split(":", -1))
        .map(path -> inside(path).toString())
        .collect(Collectors.joining(":"));
  }

  private String here(String argument) {
    return argument.replace("=" + APP, "=" + root + APP);
  }

  private Path inside(String absolute) {
    return root.resolve(absolute.substring(1));
  }

  private static void untar(Path archive, Path directory) throws IOException, InterruptedException {
    Process tar =
        new ProcessBuilder(
                "tar",
                "-xf",
                archive.toString(),
                "-C",
                directory.toString(),
                "--no-same-owner",
                "--exclude=dev/*")
            .redirectErrorStream(true)
            .start();
    String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (tar.waitFor() != 0) {
      throw new IllegalStateException("tar cannot extract " + archive + ": " + said);
    }
  }
}
