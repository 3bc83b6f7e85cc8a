package dev.fleetway.runner;

import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.runner.pod.TerminationLog;
import dev.fleetway.runner.work.CohortRun;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The way out of the process. On SIGTERM: start nothing new, let the tenants in work finish;
 * shortly before SIGKILL cancel them, so that no backend stays at work. As a shutdown hook it must
 * halt: the exit code of the JVM would be 143, which Kubernetes counts as a failure.
 */
final class PodEnd {
  /** How long before SIGKILL the tenants in work are cancelled. */
  private static final Duration LAST_MOMENTS = Duration.ofSeconds(15);

  private static final Duration RESERVE = Duration.ofSeconds(2);

  private final Duration grace;
  private final TerminationLog terminationLog;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile CohortRun run;
  private volatile boolean asked;
  private volatile int exitCode = PodContract.EXIT_INTERRUPTED;

  PodEnd(Duration grace, TerminationLog terminationLog) {
    this.grace = grace;
    this.terminationLog = terminationLog;
  }

  void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "pod-end"));
  }

  /** There is something to end early from now on. */
  void running(CohortRun started) {
    run = started;
    if (asked) {
      started.drain();
    }
  }

  /** Ends the process with this code. Does not return. */
  void exit(int code) {
    exitCode = code;
    finished.countDown();
    System.exit(code);
  }

  private void end() {
    try {
      drain();
    } finally {
      Runtime.getRuntime().halt(exitCode);
    }
  }

  private void drain() {
    asked = true;
    CohortRun started = run;
    if (started != null) {
      started.drain();
    }
    Duration untilCancel = grace.minus(LAST_MOMENTS);
    if (!await(untilCancel) && run != null) {
      run.stop();
    }
    Duration rest = untilCancel.isNegative() ? grace : LAST_MOMENTS;
    if (!await(rest.minus(RESERVE)) && run != null) {
      terminationLog.write(new TerminationMessage(null, null, run.summary()));
    }
  }

  private boolean await(Duration atMost) {
    try {
      return finished.await(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }
}
