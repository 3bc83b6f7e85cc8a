package dev.fleetway.runner.work;

import dev.fleetway.api.pod.Assignment;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A few threads that take turns until nobody waits any more or nobody may start any more. One that
 * finds every server full waits for one that ends.
 */
final class Workers {
  private final Turns turns;
  private final BooleanSupplier mayStart;
  private final Consumer<Assignment.Member> step;

  Workers(Turns turns, BooleanSupplier mayStart, Consumer<Assignment.Member> step) {
    this.turns = turns;
    this.mayStart = mayStart;
    this.step = step;
  }

  /** Returns when all that was started has ended. */
  void run(int threads) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(threads);
    for (int number = 1; number <= threads; number++) {
      Thread worker =
          new Thread(
              () -> {
                try {
                  work();
                } finally {
                  done.countDown();
                }
              },
              "tenant-" + number);
      worker.setDaemon(true);
      worker.start();
    }
    done.await();
  }

  /** Whether somebody may start has changed: those that wait look again. */
  synchronized void wake() {
    notifyAll();
  }

  private void work() {
    Optional<Assignment.Member> member = take();
    while (member.isPresent()) {
      try {
        step.accept(member.get());
      } finally {
        end(member.get());
      }
      member = take();
    }
  }

  private synchronized Optional<Assignment.Member> take() {
    while (mayStart.getAsBoolean() && turns.isAnyoneWaiting()) {
      Optional<Assignment.Member> next = turns.next();
      if (next.isPresent()) {
        return next;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private synchronized void end(Assignment.Member member) {
    turns.done(member);
    notifyAll();
  }
}
