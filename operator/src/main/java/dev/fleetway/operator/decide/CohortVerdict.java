package dev.fleetway.operator.decide;

import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.RunReason;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a cohort ended.
 *
 * @param cohort its number
 * @param attempt the attempt that ran it
 * @param jobName its Job; null when there was nobody to migrate
 * @param tally every tenant with an outcome
 * @param abort why the run stops here; empty when the cohort closed
 */
public record CohortVerdict(
    int cohort, int attempt, String jobName, CohortTally tally, Optional<Abort> abort) {

  /**
   * Why the run stops.
   *
   * @param reason the condition reason
   * @param message for people, with what to do next
   */
  public record Abort(RunReason reason, String message) {
    /** The Job's own cause belongs to it, and what kept its pod from starting. */
    Abort because(Optional<String> jobFailure, String lastSeen) {
      return jobFailure
          .map(
              failure ->
                  new Abort(
                      reason, "%s The Job: %s Last seen: %s".formatted(message, failure, lastSeen)))
          .orElse(this);
    }
  }

  private static final String FAILED_BY_POLICY = "PodFailurePolicy";

  /**
   * Judges a cohort whose Job is terminal.
   *
   * <p>A tenant without an outcome was not reached, when the cohort was stopped on purpose; else
   * its pod was lost, which is a failure and counts towards the abort rate.
   */
  static CohortVerdict of(
      int cohort,
      int attempt,
      Optional<JobState> job,
      CohortTally tally,
      boolean abortedByUser,
      int abortPercent,
      String lastSeen) {
    String jobName = job.map(JobState::name).orElse(null);
    boolean trippedAcrossShards = wasEndedBy(job, RunReason.AbortRateExceeded);
    Optional<Abort> stopped = stopped(job, abortedByUser && !trippedAcrossShards);
    CohortTally byRunners = tally.byRunners();
    if (stopped.isEmpty() && (trippedAcrossShards || byRunners.trips(abortPercent))) {
      stopped = Optional.of(rateExceeded(cohort, byRunners, abortPercent));
    }
    if (stopped.isPresent()) {
      Set<String> inWork = inWork(job);
      CohortTally ended =
          tally.concluded(
              line ->
                  inWork.contains(line.tenant().name())
                      ? TenantReason.Interrupted
                      : TenantReason.CohortAborted);
      return new CohortVerdict(cohort, attempt, jobName, ended, stopped);
    }
    CohortTally ended = tally.concluded(line -> TenantReason.RunnerLost);
    Optional<Abort> abort =
        ended.trips(abortPercent)
            ? Optional.of(
                rateExceeded(cohort, ended, abortPercent)
                    .because(job.flatMap(JobState::failure), lastSeen))
            : Optional.empty();
    return new CohortVerdict(cohort, attempt, jobName, ended, abort);
  }

  /** The tenants whose sessions the pod had to cancel when its time was up. */
  private static Set<String> inWork(Optional<JobState> job) {
    return job.flatMap(JobState::lastWord)
        .map(TerminationMessage::summary)
        .map(summary -> Set.copyOf(summary.inFlight()))
        .orElse(Set.of());
  }

  private static Optional<Abort> stopped(Optional<JobState> job, boolean abortedByUser) {
    Optional<PodError> error = job.flatMap(JobState::error);
    if (error.isPresent()) {
      RunReason reason = RunReason.of(error.get().reason(), RunReason.RunnerFailed);
      return Optional.of(new Abort(reason, reason.explain(error.get().message())));
    }
    // By its policy a Job fails only where another try cannot help; its pod's last word is lost.
    Optional<String> byPolicy =
        job.flatMap(JobState::failure).filter(failure -> failure.startsWith(FAILED_BY_POLICY));
    if (byPolicy.isPresent()) {
      return Optional.of(
          new Abort(RunReason.RunnerFailed, RunReason.RunnerFailed.explain(byPolicy.get())));
    }
    boolean ended = job.flatMap(JobState::endedBy).isPresent();
    if (abortedByUser || (ended && !wasEndedBy(job, RunReason.AbortRateExceeded))) {
      return Optional.of(new Abort(RunReason.AbortedByUser, RunReason.AbortedByUser.hint()));
    }
    return Optional.empty();
  }

  private static boolean wasEndedBy(Optional<JobState> job, RunReason reason) {
    return job.flatMap(JobState::endedBy).filter(reason.name()::equals).isPresent();
  }

  private static Abort rateExceeded(int cohort, CohortTally tally, int abortPercent) {
    int failed = tally.count(Outcome.Failed);
    String message =
        "Cohort %d: %d of %d tenants failed (%d%%, abort rate %d%%), most often %s. %s"
            .formatted(
                cohort,
                failed,
                tally.size(),
                failed * 100 / Math.max(1, tally.size()),
                abortPercent,
                mostFrequentFailure(tally),
                RunReason.AbortRateExceeded.hint());
    return new Abort(RunReason.AbortRateExceeded, message);
  }

  /** Such as {@code ConstraintViolation at version 110 (tenant acme)}. */
  private static String mostFrequentFailure(CohortTally tally) {
    Map<String, Long> counts =
        tally.lines().stream()
            .filter(line -> line.outcome() == Outcome.Failed)
            .collect(Collectors.groupingBy(CohortVerdict::describe, Collectors.counting()));
    String most =
        counts.entrySet().stream()
            .max(
                Map.Entry.<String, Long>comparingByValue()
                    .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
            .map(Map.Entry::getKey)
            .orElse("");
    return tally.lines().stream()
        .filter(line -> line.outcome() == Outcome.Failed && describe(line).equals(most))
        .findFirst()
        .map(line -> "%s (e.g. tenant %s)".formatted(most, line.tenant().name()))
        .orElse(most);
  }

  private static String describe(CohortTally.Line line) {
    String reason = Objects.toString(line.reason(), "an unknown reason");
    return line.evidence()
        .map(LastRun::failedVersion)
        .map(version -> reason + " at version " + version)
        .orElse(reason);
  }
}
