package dev.fleetway.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares what was printed with a file, or writes the file with -Dfleetway.regenerate=true. */
public final class Golden {
  private static final Path DIRECTORY = Path.of("src", "test", "resources", "golden");

  private Golden() {}

  /** Is this text what {@code golden/<file>} holds? */
  public static void assertSame(String file, String text) {
    assertSame(DIRECTORY.resolve(file), text, "golden/" + file);
  }

  /** What {@code golden/<file>} holds. */
  public static String text(String file) {
    try {
      return Files.readString(DIRECTORY.resolve(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Is this text what the file of the project holds? */
  public static void assertSame(Path file, String text, String name) {
    try {
      if (Boolean.getBoolean("fleetway.regenerate")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
      }
      assertThat(text)
          .as("%s is stale: look at the difference, then -Dfleetway.regenerate=true", name)
          .isEqualTo(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
