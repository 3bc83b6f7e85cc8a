package dev.fleetway.runner;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.runner.assignment.AssignmentFile;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.database.TenantMigration;
import dev.fleetway.runner.database.TenantSurvey;
import dev.fleetway.runner.database.TenantWork;
import dev.fleetway.runner.outcome.KubernetesTenantApi;
import dev.fleetway.runner.outcome.TenantApi;
import dev.fleetway.runner.pod.PermanentError;
import dev.fleetway.runner.pod.PodEnvironment;
import dev.fleetway.runner.pod.TerminationLog;
import dev.fleetway.runner.work.CohortRun;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.flywaydb.core.api.MigrationVersion;

/** {@code run}: migrates the tenants of the assignment. */
final class RunCommand {
  private static final Duration API_PATIENCE = Duration.ofMinutes(2);

  private final PodEnvironment environment;
  private final TerminationLog terminationLog;
  private final Clock clock;

  RunCommand(PodEnvironment environment, TerminationLog terminationLog, Clock clock) {
    this.environment = environment;
    this.terminationLog = terminationLog;
    this.clock = clock;
  }

  /**
   * Reads, checks, works.
   *
   * @param running gets the run as soon as there is something to end early
   */
  int execute(Consumer<CohortRun> running) throws InterruptedException {
    Assignment assignment = AssignmentFile.read(environment.assignment(), environment.shard());
    Bundle bundle = BundleReader.read(environment.bundle());
    if (!bundle.digest().equals(assignment.migrations().digest())) {
      throw new PermanentError(
          PermanentError.BUNDLE_CHANGED,
          "the bundle has digest "
              + bundle.digest()
              + ", the run was inspected with "
              + assignment.migrations().digest()
              + ": use a new run for a new bundle");
    }
    MigrationVersion head = bundle.head(Optional.of(assignment.migrations().headVersion()));
    try (KubernetesClient client = KubernetesTenantApi.client()) {
      return work(
          assignment,
          new KubernetesTenantApi(client, assignment.namespace()),
          tenantWork(assignment, bundle, head),
          running);
    }
  }

  private TenantWork tenantWork(Assignment assignment, Bundle bundle, MigrationVersion head) {
    return switch (assignment.mode()) {
      case Apply ->
          new TenantMigration(
              assignment, bundle, head, environment.credentials(), clock, System::nanoTime);
      case Plan ->
          new TenantSurvey(
              assignment, bundle, head, environment.credentials(), clock, System::nanoTime);
    };
  }

  private int work(
      Assignment assignment, TenantApi api, TenantWork tenantWork, Consumer<CohortRun> running)
      throws InterruptedException {
    // One thread for each tenant in work: a cancel may wait for a server that is gone.
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(assignment.limits().concurrency(), RunCommand::daemon);
    // Else the deadline of a tenant that is done stays in the heap until it is reached.
    timer.setRemoveOnCancelPolicy(true);
    try {
      CohortRun run = new CohortRun(assignment, api, tenantWork, timer, clock, API_PATIENCE);
      running.accept(run);
      int exitCode = run.execute();
      terminationLog.write(new TerminationMessage(null, run.error().orElse(null), run.summary()));
      return exitCode;
    } finally {
      timer.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "stop-switch");
    thread.setDaemon(true);
    return thread;
  }
}
