package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.command.TableOutput;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Listing;
import dev.fleetway.cli.output.OutputFormat;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code status [NAME]}. */
@Command(
    name = "status",
    description = {
      "Shows where a run stands, or all runs of the fleet, newest first.",
      "On a terminal a run that goes on is watched to its end: a bar per cohort, the rate, failures as"
          + " they come, the time left. Ctrl-C stops watching, never the run.",
      ""
    },
    footer = {"", "Example:", "  fleetway status v112"})
public final class StatusCommand extends FleetwayCommand {
  private static final Comparator<TenantMigrationRun> NEWEST_FIRST =
      Comparator.<TenantMigrationRun, String>comparing(
              run -> run.getMetadata().getCreationTimestamp())
          .reversed()
          .thenComparing(run -> run.getMetadata().getName());

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The run. Default: all runs.")
  private String name;

  @Option(names = "--once", description = "Show it once on a terminal too.")
  private boolean once;

  @Mixin private final TableOutput output = new TableOutput();

  StatusCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    if (name != null && output.format() == OutputFormat.TABLE) {
      return one(cluster().run(name));
    }
    if (name != null) {
      print(List.of(RunRow.of(cluster().run(name))));
    } else {
      all();
    }
    return ExitCode.OK;
  }

  private ExitCode one(TenantMigrationRun run) {
    if (console().terminals().out() && !once && !RunPoll.isEnded(run)) {
      return new LiveView(cluster(), console()).watch(name);
    }
    new RunText(run).lines().forEach(console()::styledData);
    return ExitCode.OK;
  }

  private void all() {
    List<RunRow> rows = cluster().runs().stream().sorted(NEWEST_FIRST).map(RunRow::of).toList();
    if (rows.isEmpty()) {
      console().talk("no runs in namespace " + cluster().namespace());
    }
    print(rows);
  }

  private void print(List<RunRow> rows) {
    Listing.of(RunRow.class, rows)
        .column("NAME", RunRow::name)
        .column("PHASE", RunRow::phase, row -> RunText.style(row.phase()))
        .column("REASON", RunRow::reason)
        .column("TARGET", RunRow::target)
        .column("COHORT", RunRow::cohort)
        .column("DONE", RunRow::done)
        .column("FAILED", RunRow::failed, row -> row.failed() > 0 ? "red" : "")
        .column("TOTAL", RunRow::tenants)
        .column("ABORTS", RunRow::aborts)
        .column("STARTED", RunRow::started)
        .column("ENDED", RunRow::ended)
        .print(console(), output.format());
  }
}
