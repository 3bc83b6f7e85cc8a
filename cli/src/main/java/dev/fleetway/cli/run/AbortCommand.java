package dev.fleetway.cli.run;

import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.run.Steering.Verdict;
import picocli.CommandLine.Command;

/** {@code abort NAME}. */
@Command(
    name = "abort",
    description = {
      "Stops a run: tenants at work are drained, nothing new starts.",
      "Tenants that are migrated stay so; resume goes on with the others.",
      ""
    },
    footer = {"", "Example:", "  fleetway abort v112"})
public final class AbortCommand extends SteerCommand {
  AbortCommand(Session session) {
    super(session);
  }

  @Override
  Verdict judge(Steering run) {
    return run.abort();
  }
}
