package dev.fleetway.runner.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.testing.TestTenants;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkersTest {
  private final Queue<String> started = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean mayStart = new AtomicBoolean(true);

  @Test
  void aWorkerTakesATenantOfAnotherServerWhileOneServerIsFull() throws Exception {
    CountDownLatch others = new CountDownLatch(2);
    List<Assignment.Member> members =
        List.of(member("a1", "a"), member("a2", "a"), member("b1", "b"), member("b2", "b"));

    new Workers(
            new Turns(members, 1),
            mayStart::get,
            member -> {
              started.add(member.name());
              if (member.name().startsWith("b")) {
                others.countDown();
              }
              if (member.name().equals("a1")) {
                await(others);
              }
            })
        .run(2);

    assertThat(started).containsExactlyInAnyOrder("a1", "a2", "b1", "b2");
    assertThat(started).containsSubsequence("b2", "a2");
  }

  @Test
  void aWorkerThatWaitsForAServerIsLetGoWhenNobodyMayStartAnyMore() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    AtomicBoolean asked = new AtomicBoolean();
    List<Assignment.Member> members = List.of(member("a1", "a"), member("a2", "a"));
    Workers workers =
        new Workers(
            new Turns(members, 1),
            () -> {
              // The second worker finds the server full and asks once more after the wake.
              if (!mayStart.get()) {
                asked.set(true);
                end.countDown();
              }
              return mayStart.get();
            },
            member -> {
              started.add(member.name());
              working.countDown();
              await(end);
            });
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () -> {
              try {
                workers.run(2);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await(working);

    mayStart.set(false);
    workers.wake();

    run.get(20, TimeUnit.SECONDS);
    assertThat(asked).isTrue();
    assertThat(started).containsExactly("a1");
  }

  @Test
  void aTenantThatBreaksItsWorkerGivesItsPlaceBack() throws Exception {
    List<Assignment.Member> members =
        List.of(member("a1", "a"), member("a2", "a"), member("a3", "a"));

    new Workers(
            new Turns(members, 1),
            mayStart::get,
            member -> {
              started.add(member.name());
              if (member.name().equals("a1")) {
                Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
                throw new IllegalStateException("broken");
              }
            })
        .run(2);

    assertThat(started).containsExactly("a1", "a2", "a3");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Assignment.Member member(String name, String host) {
    return TestTenants.member(
        TestTenants.tenant(name, TestTenants.database(host, 5432, name, "public", null)));
  }
}
