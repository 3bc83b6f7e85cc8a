package dev.fleetway.cli.run;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code runs}: the group of commands on many runs. */
@Command(
    name = "runs",
    description = {"Looks after the runs of a fleet as a whole.", ""},
    subcommands = {PruneCommand.class},
    footer = {"", "Example:", "  fleetway runs prune --keep 20"})
public final class RunsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
