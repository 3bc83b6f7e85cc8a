package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.operator.decide.Decision.BeginAttempt;
import dev.fleetway.operator.decide.Decision.FinishRun;
import dev.fleetway.operator.decide.Decision.Hold;
import dev.fleetway.operator.decide.Decision.Rest;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.model.RunReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NextLookTest {
  private static final Instant NOW = SimulatedRun.START;

  @Test
  void followsAtOnceWhenOnlyOurOwnStatusChanged() {
    assertThat(NextLook.after(new BeginAttempt(1), NOW)).contains(Duration.ofMillis(1));
  }

  @Test
  void looksNowAndThenWhileAJobMayHaveTroubleToStart() {
    assertThat(NextLook.after(new StartInspection("x"), NOW)).contains(Duration.ofSeconds(10));
  }

  @Test
  void wakesUpWhenTheStaggerEndsAndNotInThePast() {
    assertThat(NextLook.after(hold(NOW.plusSeconds(90)), NOW)).contains(Duration.ofSeconds(90));
    assertThat(NextLook.after(hold(NOW.minusSeconds(1)), NOW)).contains(Duration.ofMillis(1));
  }

  @Test
  void sleepsUntilSomebodyChangesTheRun() {
    assertThat(NextLook.after(new Rest(), NOW)).isEmpty();
    assertThat(NextLook.after(new FinishRun(), NOW)).isEmpty();
    assertThat(NextLook.after(new Hold(RunReason.SuspendedByUser, "", Optional.empty()), NOW))
        .isEmpty();
  }

  @Test
  void isAtOnceOnlyWhereTheNextStepWaitsForNothing() {
    assertThat(NextLook.isAtOnce(new BeginAttempt(1), NOW)).isTrue();
    assertThat(NextLook.isAtOnce(hold(NOW.plusSeconds(90)), NOW)).isFalse();
    assertThat(NextLook.isAtOnce(new FinishRun(), NOW)).isFalse();
    assertThat(NextLook.isAtOnce(new StartInspection("x"), NOW)).isFalse();
  }

  private static Hold hold(Instant until) {
    return new Hold(RunReason.WaitingForStagger, "", Optional.of(until));
  }
}
