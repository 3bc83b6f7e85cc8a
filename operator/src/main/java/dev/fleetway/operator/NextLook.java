package dev.fleetway.operator;

import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.AwaitGate;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.RestoreAssignment;
import dev.fleetway.operator.decide.Decision.RestorePlan;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.model.RunReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When to look at a run again if no event comes first. Pure. */
final class NextLook {
  /** Our own status writes wake nobody: the next step follows by itself. */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** Long enough for the newer run to reach the cache. */
  static final Duration AFTER_A_CONFLICT = Duration.ofMillis(100);

  /** A pod that does not start makes no event that we would see. */
  private static final Duration WHILE_A_JOB_WORKS = Duration.ofSeconds(10);

  /** Each tenant that becomes read-only is news; this is for news that was lost. */
  private static final Duration WHILE_GATING = Duration.ofSeconds(1);

  /** The other one says when it makes way; this is for what nobody says. */
  private static final Duration WHILE_ANOTHER_RUN_GOES = Duration.ofSeconds(10);

  /** A watch that does not lag tells us of our own writes within this time. */
  static final Duration UNTIL_THE_CACHE_KNOWS = Duration.ofMillis(20);

  /** Its tenants are being freed, a write each. */
  static final Duration WHILE_A_GATE_OPENS = Duration.ofMillis(200);

  private NextLook() {}

  static Optional<Duration> after(Decision decision, Instant now) {
    if (decision instanceof Rest || decision instanceof FinishRun || decision instanceof AbortRun) {
      return Optional.empty();
    }
    if (decision instanceof SettleCohort settle && settle.verdict().abort().isPresent()) {
      return Optional.empty();
    }
    if (decision instanceof Hold hold) {
      return hold.reason() == RunReason.WaitingForRun
          ? Optional.of(WHILE_ANOTHER_RUN_GOES)
          : hold.until().map(until -> atLeast(Duration.between(now, until)));
    }
    if (decision instanceof AwaitGate gate) {
      return Optional.of(
          gate.until().map(until -> atLeast(Duration.between(now, until))).orElse(WHILE_GATING));
    }
    if (decision instanceof RestorePlan || decision instanceof RestoreAssignment) {
      return Optional.of(AT_ONCE);
    }
    return Optional.of(
        decision instanceof AwaitJob || decision.keepsJobAlive() ? WHILE_A_JOB_WORKS : AT_ONCE);
  }

  /** Does the next step follow by itself, whatever happens outside? */
  static boolean isAtOnce(Decision decision, Instant now) {
    return after(decision, now).filter(AT_ONCE::equals).isPresent();
  }

  private static Duration atLeast(Duration delay) {
    return delay.compareTo(AT_ONCE) < 0 ? AT_ONCE : delay;
  }
}
