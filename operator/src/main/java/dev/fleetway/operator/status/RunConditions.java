package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Condition.Status;
import dev.fleetway.operator.model.RunReason;
import java.time.Instant;
import java.util.List;

/**
 * The conditions of a run. kstatus reads {@code Reconciling} and {@code Stalled}, {@code kubectl
 * wait} reads {@code Finished}, people read the reason of {@code Ready}.
 */
final class RunConditions {
  // Six of them carry the same message, in an object that shall stay under 100 KiB.
  private static final int MESSAGE_LIMIT = 2048;

  private final List<Condition> before;
  private final long generation;
  private final Instant now;

  RunConditions(List<Condition> before, long generation, Instant now) {
    this.before = before;
    this.generation = generation;
    this.now = now;
  }

  List<Condition> inProgress(RunReason reason, String message) {
    return of(
        Status.False, Status.True, Status.False, Status.Unknown, false, false, reason, message);
  }

  List<Condition> suspended(RunReason reason, String message) {
    return of(
        Status.False, Status.True, Status.False, Status.Unknown, false, true, reason, message);
  }

  List<Condition> succeeded(RunReason reason, String message) {
    return of(Status.True, Status.False, Status.False, Status.True, true, false, reason, message);
  }

  /** Aborted, or through with failures: it needs somebody. */
  List<Condition> stalled(RunReason reason, String message) {
    return of(Status.False, Status.False, Status.True, Status.False, true, false, reason, message);
  }

  /** The same conditions, seen again at a newer generation. */
  List<Condition> unchanged() {
    return before.stream()
        .map(c -> condition(c.type(), c.status(), c.reason(), c.message()))
        .toList();
  }

  private List<Condition> of(
      Status ready,
      Status reconciling,
      Status stalled,
      Status succeeded,
      boolean finished,
      boolean suspended,
      RunReason reason,
      String message) {
    return List.of(
        condition("Ready", ready, reason.name(), message),
        condition("Reconciling", reconciling, reason.name(), message),
        condition("Stalled", stalled, reason.name(), message),
        condition("Succeeded", succeeded, reason.name(), message),
        condition("Finished", Status.of(finished), reason.name(), message),
        condition("Suspended", Status.of(suspended), reason.name(), message));
  }

  private Condition condition(String type, Status status, String reason, String message) {
    return new Condition(type, status, generation, now.toString(), reason, truncate(message))
        .after(before);
  }

  private static String truncate(String message) {
    return message.length() <= MESSAGE_LIMIT
        ? message
        : message.substring(0, MESSAGE_LIMIT - 1) + "…";
  }
}
