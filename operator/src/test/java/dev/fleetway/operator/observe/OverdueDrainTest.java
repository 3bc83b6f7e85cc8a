package dev.fleetway.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.operator.model.JobState.StartTrouble;
import dev.fleetway.operator.model.RunReason;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverdueDrainTest {
  private static final Instant DEADLINE = Instant.parse("2026-11-21T10:00:00Z");

  private final Pod ending = Pods.deleted(Pods.running("p-0"), DEADLINE.toString());

  @Test
  void namesPodAndNodeWhenTheGracePeriodIsOver() {
    assertThat(OverdueDrain.of(List.of(ending), DEADLINE.plusSeconds(31)))
        .contains(
            new StartTrouble(
                RunReason.DrainOverdue,
                "Pod p-0 on node node-7 should have been gone at 2026-11-21T10:00:00Z"));
  }

  @Test
  void waitsForTheGracePeriodAndALittleMore() {
    assertThat(OverdueDrain.of(List.of(ending), DEADLINE.plusSeconds(30))).isEmpty();
  }

  @Test
  void looksOnlyAtPodsThatWereToldToEndAndHaveNot() {
    Pod gone = Pods.deleted(Pods.ended("p-1", 75, "Error"), DEADLINE.toString());
    assertThat(OverdueDrain.of(List.of(Pods.running("p-2"), gone), DEADLINE.plusSeconds(9000)))
        .isEmpty();
  }
}
