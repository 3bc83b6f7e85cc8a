package dev.fleetway.cli.tenant;

import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.command.TableOutput;
import dev.fleetway.cli.command.TenantLabels;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Listing;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tenants list}. */
@Command(
    name = "list",
    description = {
      "Lists the tenants of the fleet: version, pending migrations, state, server.",
      ""
    },
    footer = {"", "Example:", "  fleetway tenants list -o csv > fleet.csv"})
final class ListTenantsCommand extends FleetwayCommand {
  @Mixin private final TenantLabels labels = new TenantLabels();
  @Mixin private final TableOutput output = new TableOutput();

  ListTenantsCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    List<TenantRow> rows =
        new TenantChoice(cluster()).of(labels.query()).stream().map(TenantRow::of).toList();
    if (rows.isEmpty()) {
      console().talk("no tenants in namespace " + cluster().namespace());
    }
    Listing.of(TenantRow.class, rows)
        .column("NAME", TenantRow::name)
        .column("STATE", TenantRow::state)
        .column("ACCESS", TenantRow::access)
        .column("VERSION", TenantRow::version)
        .column("PENDING", TenantRow::pending)
        .column("OUTCOME", TenantRow::outcome, row -> "Failed".equals(row.outcome()) ? "red" : "")
        .column("LAST-RUN", TenantRow::lastRun)
        .column("SERVER", TenantRow::server)
        .print(console(), output.format());
    return ExitCode.OK;
  }
}
