package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.operator.decide.Decision.AbortRun;
import dev.fleetway.operator.decide.Decision.AwaitJob;
import dev.fleetway.operator.decide.Decision.RecordBundle;
import dev.fleetway.operator.decide.Decision.RepeatInspection;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.observe.RunObservation;
import java.util.Optional;

/** Before the plan: a Job that reads the bundle. */
record Inspection(RunObservation seen) {

  Decision decide() {
    Optional<JobState> found = seen.inspectJob();
    if (found.isPresent() && found.get().isLive()) {
      return seen.spec().abort()
          ? RunDecider.drain(found.get(), RunReason.AbortedByUser)
          : awaitInspection(found.get());
    }
    if (seen.spec().abort()) {
      return RunDecider.abortedByUser();
    }
    if (found.isPresent()) {
      return inspected(found.get());
    }
    if (seen.liveJob().isPresent()) {
      return RunDecider.drain(seen.liveJob().get(), RunReason.WaitingForPods);
    }
    return seen.spec().suspend()
        ? RunDecider.suspended("Nothing has started.")
        : new StartInspection(seen.names().inspectJob(seen.attempt()));
  }

  private Decision awaitInspection(JobState job) {
    return job.trouble()
        .map(
            trouble ->
                new AwaitJob(trouble.reason(), RunDecider.explain(trouble), Optional.empty()))
        .orElseGet(
            () ->
                new AwaitJob(
                    RunReason.Inspecting,
                    "Job %s reads the bundle.".formatted(job.name()),
                    Optional.empty()));
  }

  private Decision inspected(JobState job) {
    Optional<PodError> error = job.error();
    if (error.isPresent()) {
      RunReason reason = RunReason.of(error.get().reason(), RunReason.InspectionFailed);
      return new AbortRun(reason, reason.explain(error.get().message()));
    }
    if (job.progress() == JobState.Progress.COMPLETE) {
      return report(job);
    }
    return new AbortRun(
        RunReason.InspectionFailed,
        "Job %s: %s. Last seen: %s %s"
            .formatted(
                job.name(),
                job.failure().orElse("failed"),
                RunDecider.lastSeen(seen),
                RunReason.InspectionFailed.hint()));
  }

  private Decision report(JobState job) {
    if (job.lastWord().isPresent() && job.lastWord().get().bundle() != null) {
      return new RecordBundle(job.lastWord().get().bundle());
    }
    return job.podEnded()
        ? new AbortRun(
            RunReason.InspectionFailed,
            "Job %s ended well and reported nothing: is its image a Fleetway runner?"
                .formatted(job.name()))
        : new RepeatInspection(job.name());
  }
}
