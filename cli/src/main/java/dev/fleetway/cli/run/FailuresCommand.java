package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.command.TableOutput;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Documents;
import dev.fleetway.operator.model.FailedTenant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code failures NAME}. */
@Command(
    name = "failures",
    description = {
      "Shows the failed tenants of a run by cause, the largest group first, each with a hint and the"
          + " next command to type.",
      "Exit code 0: there are none. 1: there are.",
      ""
    },
    footer = {"", "Example:", "  fleetway failures v112 -o csv > failed.csv"})
public final class FailuresCommand extends FleetwayCommand {
  @Parameters(paramLabel = "NAME", description = "The run.")
  private String name;

  @Mixin private final TableOutput output = new TableOutput();

  FailuresCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    TenantMigrationRun run = cluster().run(name);
    List<FailedTenant> failed = RunResults.of(cluster(), run).failed(run);
    FailureDocument document = FailureDocument.of(run, failed);
    switch (output.format()) {
      case TABLE -> table(document);
      case JSON -> console().data(Documents.json(document));
      case YAML -> console().data(Documents.yaml(document));
      case CSV ->
          console().data(Documents.csv(FailureDocument.Row.class, FailureDocument.rows(failed)));
    }
    return failed.isEmpty() ? ExitCode.OK : ExitCode.NO;
  }

  private void table(FailureDocument document) {
    if (document.failed() == 0) {
      console().talk("no tenant failed in " + document.run());
      return;
    }
    FailureText.lines(document, console()).forEach(console()::styledData);
    if (document.phase().isEnded()) {
      console()
          .talk("\nwhen the causes are gone: " + NextStep.again(document.run(), document.phase()));
    }
  }
}
