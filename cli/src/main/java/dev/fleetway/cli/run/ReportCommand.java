package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Documents;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
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
      "Exit code 0: it is complete. 1: reports of ended cohorts are gone.",
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
    int lost = lost(run, report);
    if (lost > 0) {
      console()
          .warn(
              "the reports of %d ended %s are gone: somebody deleted their ConfigMaps. What follows is incomplete"
                  .formatted(lost, lost == 1 ? "cohort" : "cohorts"));
    } else if (report.cohorts().isEmpty()) {
      console().warn("no cohort of " + name + " has come to an end yet");
    }
    console()
        .data(
            switch (format) {
              case markdown -> MarkdownReport.of(report, console());
              case json -> Documents.json(report);
              case junit -> JunitReport.of(report);
            });
    return lost > 0 ? ExitCode.NO : ExitCode.OK;
  }

  /** Cohorts that ended, as the run itself knows, and of which no report is there. */
  private static int lost(TenantMigrationRun run, Report report) {
    if (run.getStatus() == null) {
      return 0;
    }
    Set<Integer> ended = new HashSet<>();
    IntStream.rangeClosed(1, Objects.requireNonNullElse(run.getStatus().lastClosedCohort(), 0))
        .forEach(ended::add);
    run.getStatus().cohorts().stream()
        .filter(cohort -> cohort.state() != CohortState.Running)
        .forEach(cohort -> ended.add(cohort.number()));
    report.cohorts().forEach(cohort -> ended.remove(cohort.number()));
    return ended.size();
  }
}
