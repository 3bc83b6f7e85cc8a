package dev.fleetway.sandbox.crash;

import java.util.Optional;

/** What becomes of the writes of one operator process; asked once for each, in order. */
@FunctionalInterface
interface Fate {
  /** Nothing goes wrong. */
  Fate UNDISTURBED = write -> Optional.empty();

  Optional<Fault> of(Write write);
}
