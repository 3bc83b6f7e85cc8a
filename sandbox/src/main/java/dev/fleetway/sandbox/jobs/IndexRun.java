package dev.fleetway.sandbox.jobs;

import java.time.Instant;

/** One completion index: its pod, if it has one, and its tries. */
final class IndexRun {
  final int number;
  PodRun pod;
  boolean creating;
  int failures;
  boolean succeeded;
  boolean failed;
  Instant notBefore = Instant.EPOCH;

  IndexRun(int number) {
    this.number = number;
  }

  boolean isOpen() {
    return !succeeded && !failed;
  }

  boolean isActive() {
    return creating || pod != null;
  }
}
