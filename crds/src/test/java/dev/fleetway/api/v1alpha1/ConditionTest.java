package dev.fleetway.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Condition.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {
  private static final String EARLIER = "2026-11-21T10:00:00Z";
  private static final String NOW = "2026-11-21T11:00:00Z";

  private static Condition condition(String type, Status status, String time, String reason) {
    return new Condition(type, status, 3L, time, reason, "because of " + reason);
  }

  @Test
  void keepsTheTimeWhenOnlyTheReasonChanges() {
    List<Condition> before = List.of(condition("Ready", Status.False, EARLIER, "LockTimeout"));
    assertThat(condition("Ready", Status.False, NOW, "RunnerLost").mergedInto(before))
        .containsExactly(condition("Ready", Status.False, EARLIER, "RunnerLost"));
  }

  @Test
  void movesTheTimeWhenTheStatusFlips() {
    List<Condition> before = List.of(condition("Ready", Status.True, EARLIER, "Succeeded"));
    assertThat(condition("Ready", Status.False, NOW, "RunnerLost").mergedInto(before))
        .containsExactly(condition("Ready", Status.False, NOW, "RunnerLost"));
  }

  @Test
  void leavesOtherConditionsAlone() {
    Condition other = condition("Backed-Up", Status.False, EARLIER, "NoBackup");
    assertThat(condition("Ready", Status.False, NOW, "RunnerLost").mergedInto(List.of(other)))
        .containsExactly(other, condition("Ready", Status.False, NOW, "RunnerLost"));
  }
}
