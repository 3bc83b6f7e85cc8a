package dev.fleetway.sandbox.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the demo shall show.
 *
 * @param tenants number of tenants
 * @param cohortSizes tenants per cohort; the last one repeats
 * @param failing how many tenants of the third cohort (or the last, when there are fewer) shall
 *     fail at first
 * @param bundle directory with SQL scripts instead of the sample bundle
 * @param manifest file with the run to apply instead of the demo's own
 */
record DemoOptions(
    int tenants,
    List<Integer> cohortSizes,
    int failing,
    Optional<Path> bundle,
    Optional<Path> manifest) {

  DemoOptions {
    cohortSizes = List.copyOf(cohortSizes);
  }

  /** The story with two acts needs the sample bundle and its own runs. */
  boolean startsAtAnOlderVersion() {
    return bundle.isEmpty() && manifest.isEmpty();
  }
}
