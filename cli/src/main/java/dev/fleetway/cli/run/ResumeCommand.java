package dev.fleetway.cli.run;

import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.run.Steering.Verdict;
import picocli.CommandLine.Command;

/** {@code resume NAME}. */
@Command(
    name = "resume",
    description = {
      "Lets a run go on as its phase needs: a suspended one starts its next cohort, an aborted one"
          + " begins its next attempt at the cohort that did not close.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  fleetway resume v112 --set execution.tenantTimeout=10m --set runner.image=fleetway-runner:1.2"
    })
public final class ResumeCommand extends AttemptCommand {
  ResumeCommand(Session session) {
    super(session);
  }

  @Override
  Verdict judge(Steering run) {
    return run.resume(settings());
  }
}
