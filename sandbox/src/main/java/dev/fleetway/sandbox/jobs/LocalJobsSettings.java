package dev.fleetway.sandbox.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How pods run on this machine.
 *
 * @param runnerImage the image name that stands for {@code runnerCommand}
 * @param runnerCommand program and arguments that the arguments of the container are appended to
 * @param kubeconfig what a pod finds in {@code KUBECONFIG}
 * @param directory where the pods' files go while they run; created when needed
 * @param logs where the pods' output goes, one file per pod; created when needed
 * @param backoff wait before a failed index is tried again; doubles each time
 */
public record LocalJobsSettings(
    String runnerImage,
    List<String> runnerCommand,
    String kubeconfig,
    Path directory,
    Path logs,
    Duration backoff) {
  public LocalJobsSettings {
    runnerCommand = List.copyOf(runnerCommand);
  }
}
