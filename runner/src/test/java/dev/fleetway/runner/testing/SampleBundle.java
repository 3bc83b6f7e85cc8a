package dev.fleetway.runner.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The scripts of the {@code migrations} module, taken from the class path. */
public final class SampleBundle {
  private static final String PLACE = "/fleetway/migrations";

  private SampleBundle() {}

  /** Copies the scripts into the directory. */
  public static Path copyTo(Path directory) throws IOException {
    URL url = SampleBundle.class.getResource(PLACE);
    if (url == null) {
      throw new IllegalStateException("fleetway-migrations is not on the class path");
    }
    if (url.getProtocol().equals("file")) {
      return copy(Path.of(url.getPath()), directory);
    }
    try (FileSystem jar = FileSystems.newFileSystem(URI.create(url.toString()), Map.of())) {
      return copy(jar.getPath(PLACE), directory);
    }
  }

  private static Path copy(Path source, Path directory) throws IOException {
    List<Path> scripts;
    try (Stream<Path> files = Files.list(source)) {
      scripts = files.filter(file -> file.toString().endsWith(".sql")).toList();
    }
    for (Path script : scripts) {
      try (InputStream content = Files.newInputStream(script)) {
        Files.copy(content, directory.resolve(script.getFileName().toString()));
      }
    }
    return directory;
  }
}
