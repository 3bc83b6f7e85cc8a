package dev.fleetway.sandbox.jobs;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that decides, and others that wait. */
final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  private final ScheduledExecutorService decisions =
      Executors.newSingleThreadScheduledExecutor(threads("local-jobs"));
  private final ExecutorService waiting = Executors.newCachedThreadPool(threads("local-pod"));

  private static ThreadFactory threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs a task on the deciding thread. */
  void decide(Runnable task) {
    decideAfter(Duration.ZERO, task);
  }

  void decideAfter(Duration delay, Runnable task) {
    submit(
        () -> {
          Future<?> unused =
              decisions.schedule(
                  () -> guarded(task), Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
        });
  }

  /** Runs a task that may block. */
  void inBackground(Runnable task) {
    submit(() -> waiting.execute(() -> guarded(task)));
  }

  private static void submit(Runnable submission) {
    try {
      submission.run();
    } catch (RejectedExecutionException e) {
      LOG.debug("stopped: nothing new is done");
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warn("a step of the local Job executor failed", e);
    }
  }

  @Override
  public void close() {
    decisions.shutdownNow();
    waiting.shutdownNow();
  }
}
