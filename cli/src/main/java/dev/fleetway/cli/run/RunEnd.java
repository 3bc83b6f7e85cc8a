package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Console;

/** How a run ended: headline, triage table, exit code. */
final class RunEnd {
  private RunEnd() {}

  /** Needs nothing but the run: a gate may have no permission to read more. */
  static ExitCode print(Console console, TenantMigrationRun run) {
    new RunText(run).summary().forEach(console::styledData);
    if (!run.getStatus().failureGroups().isEmpty()) {
      console.data("");
      console.data(FailureText.triage(run, console));
      console.talk("\nall of it: fleetway failures " + run.getMetadata().getName());
    }
    Phase phase = run.getStatus().phase();
    if (phase == Phase.Aborted || phase == Phase.CompletedWithFailures) {
      console.talk(
          "when the causes are gone: " + NextStep.again(run.getMetadata().getName(), phase));
    }
    return exitCode(run);
  }

  /** The one table, for a run that ended. */
  static ExitCode exitCode(TenantMigrationRun run) {
    RunRow row = RunRow.of(run);
    return switch (row.phase()) {
      case Succeeded -> ExitCode.OK;
      case Planned -> row.failed() == 0 ? ExitCode.OK : ExitCode.NO;
      case Aborted -> ExitCode.ABORTED;
      default -> ExitCode.NO;
    };
  }
}
