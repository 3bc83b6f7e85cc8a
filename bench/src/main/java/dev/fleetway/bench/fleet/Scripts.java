package dev.fleetway.bench.fleet;

import dev.fleetway.sandbox.fleet.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;

/** The sample bundle as directories of Flyway scripts, whole or cut off after the first few. */
public final class Scripts {
  private final Bundle sample = Bundle.sample();
  private final Path directory;

  public Scripts(Path directory) {
    this.directory = directory;
  }

  public int count() {
    return sample.scripts().size();
  }

  /** A directory with the first scripts alone. */
  public Path first(int count) {
    try {
      Path part = Files.createDirectories(directory.resolve("scripts-" + count));
      Iterator<Map.Entry<String, String>> scripts = sample.scripts().entrySet().iterator();
      for (int i = 0; i < count; i++) {
        Map.Entry<String, String> script = scripts.next();
        // Half of the peers cannot run a statement outside a transaction.
        Files.writeString(
            part.resolve(script.getKey()), script.getValue().replace(" CONCURRENTLY", ""));
      }
      return part;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
