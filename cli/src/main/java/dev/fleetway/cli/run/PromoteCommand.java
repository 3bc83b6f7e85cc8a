package dev.fleetway.cli.run;

import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.run.Steering.Verdict;
import picocli.CommandLine.Command;

/** {@code promote NAME}. */
@Command(
    name = "promote",
    description = {"Lets a run go on after the cohorts of rollout.pauseAfter.", ""},
    footer = {"", "Example:", "  fleetway promote v112"})
public final class PromoteCommand extends SteerCommand {
  PromoteCommand(Session session) {
    super(session);
  }

  @Override
  Verdict judge(Steering run) {
    return run.promote();
  }
}
