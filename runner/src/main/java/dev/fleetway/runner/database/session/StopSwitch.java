package dev.fleetway.runner.database.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/**
 * Ends one tenant's work from outside. A stop cancels the running statement on the server, again
 * and again until the worker has left the connection, because a cancel that arrives between two
 * statements does nothing; when the worker still waits after that, the connection is cut.
 */
public final class StopSwitch {
  /** Why the work was stopped. */
  public enum Cause {
    TIMEOUT,
    SHUTDOWN
  }

  private static final long REPEAT_MILLIS = 500;
  private static final Duration CANCELLING = Duration.ofSeconds(5);

  private final ScheduledExecutorService timer;
  private Cause cause;
  private Connection connection;
  private ScheduledFuture<?> deadline;
  private ScheduledFuture<?> escalation;
  private long firstCancel;
  private boolean drained;
  private boolean closed;

  public StopSwitch(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Stops by itself after this time. */
  public synchronized void arm(Duration timeout) {
    deadline = timer.schedule(() -> stop(Cause.TIMEOUT), timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops the work; the first cause counts. */
  public synchronized void stop(Cause why) {
    if (closed || cause != null) {
      return;
    }
    cause = why;
    escalation = timer.scheduleWithFixedDelay(this::press, 0, REPEAT_MILLIS, TimeUnit.MILLISECONDS);
    notifyAll();
  }

  /** The try that is under way may end; no further one is started. */
  public synchronized void drain() {
    drained = true;
    notifyAll();
  }

  public synchronized boolean isDrained() {
    return drained;
  }

  /**
   * Waits before a further try.
   *
   * @return false when there must be none: the work was stopped or drained meanwhile
   */
  public synchronized boolean pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    try {
      long left = duration.toNanos();
      while (left > 0 && cause == null && !drained) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return cause == null && !drained;
  }

  /** Runs the task once, unless the future is cancelled first. It must not wait for anything. */
  ScheduledFuture<?> later(Runnable task, Duration delay) {
    return timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Runs the task again and again until the future is cancelled. It must not wait for anything. */
  public ScheduledFuture<?> every(Duration interval, Runnable task) {
    return timer.scheduleWithFixedDelay(
        task, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why the work was stopped; empty while it was not. */
  public synchronized Optional<Cause> cause() {
    return Optional.ofNullable(cause);
  }

  /** From now on this connection is the one to cancel. */
  public synchronized void attach(Connection opened) {
    connection = opened;
    firstCancel = 0;
  }

  /** A try has ended: until the next connection is attached nothing is cancelled. */
  public synchronized void detach() {
    connection = null;
  }

  /** The work has ended: nothing is cancelled any more. */
  public synchronized void close() {
    closed = true;
    connection = null;
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (escalation != null) {
      escalation.cancel(false);
    }
  }

  // Holds the monitor while it cancels: close() returns only when no cancel is under way, so that
  // none can hit a later statement.
  private synchronized void press() {
    if (closed || connection == null) {
      return;
    }
    try {
      if (firstCancel == 0) {
        firstCancel = System.nanoTime();
      }
      // Time and not rounds: a server that is gone lets each cancel wait for its timeout.
      if (System.nanoTime() - firstCancel < CANCELLING.toNanos()) {
        connection.unwrap(PGConnection.class).cancelQuery();
      } else {
        connection.abort(Runnable::run);
      }
    } catch (SQLException e) {
      // The next round tries again, and the last one cuts the connection.
    }
  }
}
