package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.output.Times;
import java.time.Duration;
import java.util.Optional;

/** Waits for the end of a run and tells what happens meanwhile. */
final class RunWait {
  private final Cluster cluster;
  private final Console console;

  RunWait(Cluster cluster, Console console) {
    this.cluster = cluster;
    this.console = console;
  }

  /**
   * A limit to a waiting that nobody asked for is a slip: without it the pipeline goes on at once.
   */
  static void requireWait(boolean wait, Duration timeout) {
    if (timeout != null && !wait) {
      throw CommandFailure.usage("--timeout limits --wait: say that too");
    }
  }

  /**
   * Returns how it ended.
   *
   * @param timeout null for none
   */
  @SuppressWarnings("try")
  ExitCode await(String name, Duration timeout) {
    RunChanges changes = new RunChanges();
    Optional<TenantMigrationRun> ended;
    try (Watching watching = new Watching(console, name, () -> {})) {
      ended =
          new RunPoll(cluster, console)
              .untilEnded(name, timeout, run -> changes.since(run).forEach(this::tell));
    }
    if (ended.isPresent()) {
      return RunEnd.print(console, ended.get());
    }
    new RunText(cluster.run(name)).summary().forEach(console::styledData);
    console.talk(
        "gave up waiting after "
            + Times.duration(timeout)
            + "; the run goes on: fleetway status "
            + name);
    return ExitCode.TIMEOUT;
  }

  private void tell(String line) {
    console.talk("@|faint " + console.time(console.now()) + "|@ " + line);
  }
}
