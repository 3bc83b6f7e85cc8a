package dev.fleetway.cli.tenant;

import dev.fleetway.cli.tenant.imports.ImportTenantsCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenants}: the group of its commands. */
@Command(
    name = "tenants",
    description = {"Lists and looks after the tenants of a fleet.", ""},
    subcommands = {
      ListTenantsCommand.class,
      ShowTenantCommand.class,
      SetStateCommand.class,
      ImportTenantsCommand.class
    },
    footer = {"", "Example:", "  fleetway tenants list -o csv > fleet.csv"})
public final class TenantsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
