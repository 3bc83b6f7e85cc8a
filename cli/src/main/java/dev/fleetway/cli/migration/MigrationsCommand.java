package dev.fleetway.cli.migration;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code migrations}: the group of its commands. */
@Command(
    name = "migrations",
    description = {"Begins migration scripts and looks into bundles. Needs no cluster.", ""},
    subcommands = {NewMigrationCommand.class, InspectCommand.class},
    footer = {"", "Example:", "  fleetway migrations new 'add invoices' --directory migrations"})
public final class MigrationsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
