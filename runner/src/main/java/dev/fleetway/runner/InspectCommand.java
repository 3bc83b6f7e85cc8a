package dev.fleetway.runner;

import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.runner.bundle.BundleInspection;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.pod.PodEnvironment;
import dev.fleetway.runner.pod.TerminationLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code inspect}: reads the bundle and reports it. */
final class InspectCommand {
  private static final Logger LOG = LoggerFactory.getLogger(InspectCommand.class);

  private final PodEnvironment environment;
  private final TerminationLog terminationLog;

  InspectCommand(PodEnvironment environment, TerminationLog terminationLog) {
    this.environment = environment;
    this.terminationLog = terminationLog;
  }

  int execute() {
    BundleReport report =
        BundleInspection.report(
            BundleReader.read(environment.bundle()), environment.targetVersion());
    terminationLog.write(new TerminationMessage(report, null, null));
    LOG.atInfo()
        .addKeyValue("digest", report.digest())
        .addKeyValue("headVersion", report.headVersion())
        .addKeyValue("scripts", report.scripts())
        .addKeyValue("warnings", report.warnings())
        .log("inspected");
    return PodContract.EXIT_DONE;
  }
}
