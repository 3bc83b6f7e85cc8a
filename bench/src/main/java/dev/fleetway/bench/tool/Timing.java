package dev.fleetway.bench.tool;

import java.util.OptionalDouble;

/**
 * How long it took.
 *
 * @param seconds the work alone, from the first database to the last outcome
 * @param processSeconds the whole process with its start
 * @param firstOutcomeSeconds from the start of the process until an outcome was recorded; empty
 *     where none is
 */
public record Timing(double seconds, double processSeconds, OptionalDouble firstOutcomeSeconds) {
  Timing(double seconds, double processSeconds) {
    this(seconds, processSeconds, OptionalDouble.empty());
  }
}
