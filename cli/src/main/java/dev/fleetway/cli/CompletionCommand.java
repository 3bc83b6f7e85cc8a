package dev.fleetway.cli;

import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code completion}. */
@Command(
    name = "completion",
    description = {"Prints the script that lets bash and zsh complete commands and options.", ""},
    footer = {"", "Example:", "  source <(fleetway completion)"})
final class CompletionCommand extends FleetwayCommand {
  @Spec private CommandSpec spec;

  CompletionCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    console().data(AutoComplete.bash("fleetway", spec.root().commandLine()).stripTrailing());
    return ExitCode.OK;
  }
}
