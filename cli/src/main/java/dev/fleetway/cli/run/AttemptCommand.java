package dev.fleetway.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** A command that may begin the next attempt. */
abstract class AttemptCommand extends SteerCommand {
  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description =
          "Change this field of the spec together with the attempt: of execution, runner and"
              + " compatibility, and rollout.stagger and rollout.abortRate. May be given more than"
              + " once.")
  private List<String> settings;

  @Option(names = "--wait", description = "Wait for the end, as fleetway wait does.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "With --wait: give up after this time, such as 45m. Default: never.")
  private Duration timeout;

  AttemptCommand(Session session) {
    super(session);
  }

  final Map<String, JsonNode> settings() {
    RunWait.requireWait(wait, timeout);
    return Settings.parse(settings == null ? List.of() : settings);
  }

  @Override
  final ExitCode afterwards(String run) {
    return wait ? new RunWait(cluster(), console()).await(run, timeout) : ExitCode.OK;
  }
}
