package dev.fleetway.cli.run;

import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.ExitCode;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wait NAME}: the gate of a pipeline. */
@Command(
    name = "wait",
    description = {
      "Waits until a run ended, says what happens meanwhile, and prints the causes of failures at the"
          + " end: the gate of a pipeline.",
      "Exit code 0: all tenants are at the target. 1: through, with failures. 2: aborted. 3: the time"
          + " was over first. Ctrl-C ends the waiting, never the run.",
      ""
    },
    footer = {"", "Example:", "  fleetway wait v112 --timeout 2h"})
public final class WaitCommand extends FleetwayCommand {
  @Parameters(paramLabel = "NAME", description = "The run.")
  private String name;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Give up after this time, such as 90s, 45m or 2h. Default: never.")
  private Duration timeout;

  @Option(
      names = "--appear",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "The run may take this long to be there, where a GitOps tool creates it. Default: it must"
              + " be there.")
  private Duration appear;

  WaitCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    if (appear != null) {
      new RunPoll(cluster(), console()).untilThere(name, appear);
    }
    return new RunWait(cluster(), console()).await(name, timeout);
  }
}
