package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Console;

/** How a run ended: headline, triage table, exit code. */
final class RunEnd {
  private RunEnd() {}

  static ExitCode print(Cluster cluster, Console console, TenantMigrationRun run) {
    new RunText(run).summary().forEach(console::styledData);
    FailureDocument failures = FailureDocument.of(run, RunResults.of(cluster, run).failed(run));
    if (failures.failed() > 0) {
      console.data("");
      console.data(FailureText.triage(failures, console));
      console.talk("\nall of it: fleetway failures " + failures.run());
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
