package dev.fleetway.cli.run;

import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.run.Steering.Verdict;
import picocli.CommandLine.Command;

/** {@code suspend NAME}. */
@Command(
    name = "suspend",
    description = {
      "Pauses a run: the cohort at work finishes, no further one starts. Always safe.",
      ""
    },
    footer = {"", "Example:", "  fleetway suspend v112"})
public final class SuspendCommand extends SteerCommand {
  SuspendCommand(Session session) {
    super(session);
  }

  @Override
  Verdict judge(Steering run) {
    return run.suspend();
  }
}
