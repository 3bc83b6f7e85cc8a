package dev.fleetway.cli.run;

import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.run.Steering.Verdict;
import picocli.CommandLine.Command;

/** {@code retry NAME}. */
@Command(
    name = "retry",
    description = {
      "Runs the failed tenants of a run that completed with failures again, cohort by cohort, as its"
          + " next attempt.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  fleetway retry v112 --set execution.tenantTimeout=10m --set runner.image=fleetway-runner:1.2"
    })
public final class RetryCommand extends AttemptCommand {
  RetryCommand(Session session) {
    super(session);
  }

  @Override
  Verdict judge(Steering run) {
    return run.retry(settings());
  }
}
