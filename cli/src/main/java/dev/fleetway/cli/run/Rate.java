package dev.fleetway.cli.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/** Tenants per second over the last half minute. */
final class Rate {
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final double MILLIS = 1000;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(Instant time, int ended) {}

  /** So many tenants have an outcome now. */
  void seen(Instant now, int ended) {
    samples.addLast(new Sample(now, ended));
    while (samples.getFirst().time().isBefore(now.minus(WINDOW))) {
      samples.removeFirst();
    }
  }

  /** Such as {@code 3.1 tenants/s}; empty while nothing moves. */
  Optional<String> text() {
    if (samples.size() < 2) {
      return Optional.empty();
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long millis = Duration.between(first.time(), last.time()).toMillis();
    int count = last.ended() - first.ended();
    return count <= 0 || millis <= 0
        ? Optional.empty()
        : Optional.of(String.format(Locale.ROOT, "%.1f tenants/s", count * MILLIS / millis));
  }
}
