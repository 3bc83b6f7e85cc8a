package dev.fleetway.operator.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AccessQueueTest {
  private final AccessQueue queue = new AccessQueue();

  @Test
  void everybodyIsLookedAtOnceAndNeverTooManyAtATime() {
    Deque<ResourceID> underWay = new ArrayDeque<>(queue.add(tenants("a", 100), List.of()));
    List<ResourceID> seen = new ArrayList<>();
    while (!underWay.isEmpty()) {
      assertThat(underWay).hasSizeLessThanOrEqualTo(AccessQueue.AT_A_TIME);
      ResourceID tenant = underWay.remove();
      seen.add(tenant);
      underWay.addAll(queue.done(tenant));
    }
    assertThat(seen).isEqualTo(tenants("a", 100));
  }

  @Test
  void whomACohortWaitsForComesBeforeWhoIsFreeAgain() {
    List<ResourceID> released = queue.add(List.of(), tenants("old", 20));
    List<ResourceID> gated = tenants("new", 2);
    assertThat(queue.add(gated, List.of())).as("no room yet").isEmpty();
    assertThat(queue.done(released.get(0))).containsExactly(gated.get(0));
    assertThat(queue.done(released.get(1))).containsExactly(gated.get(1));
    assertThat(queue.done(released.get(2))).containsExactly(tenants("old", 20).get(16));
  }

  @Test
  void whoIsLookedAtForAnotherReasonTakesNobodysPlace() {
    queue.add(tenants("a", 100), List.of());
    assertThat(queue.done(tenants("b", 1).get(0))).isEmpty();
  }

  @Test
  void theLastWordOnATenantCounts() {
    ResourceID tenant = tenants("a", 1).get(0);
    List<ResourceID> others = queue.add(tenants("b", AccessQueue.AT_A_TIME), List.of());
    queue.add(List.of(tenant), List.of());
    queue.add(List.of(), List.of(tenant));
    assertThat(queue.done(others.get(0))).containsExactly(tenant);
    assertThat(queue.done(others.get(1))).as("and it counts once").isEmpty();
  }

  private static List<ResourceID> tenants(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> new ResourceID("%s-%03d".formatted(prefix, number), "fleet"))
        .toList();
  }
}
