package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Documents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code report NAME}. */
@Command(
    name = "report",
    description = {
      "Reports when a run did what, per attempt, cohort and tenant, from the reports that it stored:"
          + " last month's run too, as long as it is not deleted.",
      "As JUnit XML a pipeline shows tenants as test cases.",
      ""
    },
    footer = {"", "Example:", "  fleetway report v112 -o junit > fleetway-junit.xml"})
public final class ReportCommand extends FleetwayCommand {
  @Parameters(paramLabel = "NAME", description = "The run.")
  private String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "markdown",
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Format format;

  /** What a report is for. */
  enum Format {
    markdown,
    json,
    junit
  }

  ReportCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    TenantMigrationRun run = cluster().run(name);
    Report report = Report.of(run, RunResults.reports(cluster(), run));
    if (report.cohorts().isEmpty()) {
      console().warn("no cohort of " + name + " has come to an end yet");
    }
    console()
        .data(
            switch (format) {
              case markdown -> MarkdownReport.of(report, console());
              case json -> Documents.json(report);
              case junit -> JunitReport.of(report);
            });
    return ExitCode.OK;
  }
}
