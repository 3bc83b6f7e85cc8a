package dev.fleetway.runner.database;

import dev.fleetway.runner.database.session.StopSwitch;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * When the work on a tenant began, and what is left of its time.
 *
 * @param start for people
 * @param startNanos for durations, which a corrected wall clock must not move
 * @param nanoTime as {@link System#nanoTime}
 * @param timeout all that the tenant has, over every try
 */
record TenantTime(Instant start, long startNanos, LongSupplier nanoTime, Duration timeout) {
  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
  }

  /** Negative when it is over. */
  Duration left() {
    return timeout.minus(elapsed());
  }

  /** What is left of a shorter time. */
  Duration leftOf(Duration most) {
    return (most.compareTo(timeout) < 0 ? most : timeout).minus(elapsed());
  }

  /** Nothing may be begun any more. */
  boolean isOver(StopSwitch stop) {
    Duration left = left();
    return left.isNegative() || left.isZero() || stop.cause().isPresent();
  }
}
