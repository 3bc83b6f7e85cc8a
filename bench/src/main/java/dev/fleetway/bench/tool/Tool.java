package dev.fleetway.bench.tool;

import java.io.IOException;
import java.util.Optional;

/** Something that migrates databases. */
public interface Tool {
  /** Its name in tables and files. */
  String name();

  /** Why it cannot run here; empty when it can. Fetches and builds what it needs. */
  Optional<String> missing();

  /** The most databases that it is worth waiting for; the slow ones are measured on fewer. */
  default int mostTenants() {
    return Integer.MAX_VALUE;
  }

  /** Migrates all databases of the workload; an exception when it did not end well. */
  Timing migrate(Workload workload) throws IOException, InterruptedException;
}
