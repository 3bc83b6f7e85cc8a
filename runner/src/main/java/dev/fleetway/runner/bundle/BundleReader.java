package dev.fleetway.runner.bundle;

import dev.fleetway.runner.pod.PermanentError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a bundle directory, recursively. */
public final class BundleReader {
  private BundleReader() {}

  /** The bundle in the directory, or a {@link PermanentError} that says what is wrong with it. */
  public static Bundle read(Path directory) {
    return BundleParser.parse(files(directory));
  }

  /** The text of each file of a bundle by its name, for a bundle that {@link #read} accepts. */
  public static SortedMap<String, String> texts(Path directory) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (BundleFile file : files(directory)) {
      try {
        texts.put(file.name(), file.text());
      } catch (CharacterCodingException e) {
        throw new PermanentError(PermanentError.INVALID_BUNDLE, file.path() + ": is not UTF-8");
      }
    }
    return texts;
  }

  private static List<BundleFile> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new PermanentError(
          PermanentError.INVALID_BUNDLE, "the bundle directory does not exist");
    }
    List<BundleFile> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          directory,
          // The files of a mounted ConfigMap are links into its ..data directory.
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              return !path.equals(directory) && isMountBookkeeping(path)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                throws IOException {
              if (!isMountBookkeeping(path)) {
                String relative = directory.relativize(path).toString().replace('\\', '/');
                files.add(new BundleFile(relative, Files.readAllBytes(path)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new PermanentError(
          PermanentError.INVALID_BUNDLE,
          "the bundle cannot be read: " + e.getClass().getSimpleName() + " " + e.getMessage());
    }
    return files;
  }

  private static boolean isMountBookkeeping(Path path) {
    return path.getFileName().toString().startsWith("..");
  }
}
