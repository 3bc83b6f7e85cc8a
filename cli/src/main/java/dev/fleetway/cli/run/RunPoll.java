package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.output.Markup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks at a run again and again until it ended. It polls: that needs no more than the permission
 * to get, and outlives an API server that is away for a while.
 */
final class RunPoll {
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final Console console;

  RunPoll(Cluster cluster, Console console) {
    this.cluster = cluster;
    this.console = console;
  }

  /** Returns when the run is there, or when the time is over. */
  void untilThere(String name, Duration timeout) {
    long start = System.nanoTime();
    boolean told = false;
    while (cluster.findRun(name).isEmpty() && System.nanoTime() - start < timeout.toNanos()) {
      if (!told) {
        console.talk("waiting for " + Markup.plain(name) + " to be created");
      }
      told = true;
      pause();
    }
  }

  /**
   * The ended run; empty when the time was over first.
   *
   * @param timeout null for none
   * @param seen gets the run at each look, the last one too
   */
  Optional<TenantMigrationRun> untilEnded(
      String name, Duration timeout, Consumer<TenantMigrationRun> seen) {
    long start = System.nanoTime();
    boolean away = false;
    TenantMigrationRun run = cluster.run(name);
    while (true) {
      if (run != null) {
        seen.accept(run);
        if (isEnded(run)) {
          return Optional.of(run);
        }
      }
      if (timeout != null && System.nanoTime() - start >= timeout.toNanos()) {
        return Optional.empty();
      }
      pause();
      try {
        run = cluster.run(name);
        away = false;
      } catch (CommandFailure e) {
        if (!e.isPassing()) {
          throw e;
        }
        if (!away) {
          console.talk(Markup.plain(e.getMessage()) + "; trying again");
        }
        away = true;
        run = null;
      }
    }
  }

  /** Is it over, and for the spec as it is now? */
  static boolean isEnded(TenantMigrationRun run) {
    if (run.getStatus() == null) {
      return false;
    }
    Condition finished = run.getStatus().condition("Finished");
    Long generation = run.getMetadata().getGeneration();
    return finished != null
        && finished.status() == Condition.Status.True
        && finished.observedGeneration() != null
        && generation != null
        && finished.observedGeneration() >= generation;
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.usage("interrupted: the run goes on");
    }
  }
}
