package dev.fleetway.operator.model;

import dev.fleetway.api.pod.TerminationMessage;
import java.util.Optional;

/**
 * One Job of a run, judged by its conditions and its pods.
 *
 * @param name name of the Job
 * @param progress how far it is
 * @param endedBy why the operator ended it early, from the Job's annotation
 * @param failure reason and message of the condition Failed
 * @param podEnded a pod of it still exists and has ended
 * @param lastWord what that pod left behind
 * @param trouble why its pod does not start, or did not stay
 */
public record JobState(
    String name,
    Progress progress,
    Optional<String> endedBy,
    Optional<String> failure,
    boolean podEnded,
    Optional<TerminationMessage> lastWord,
    Optional<StartTrouble> trouble) {

  /** How far a Job is. */
  public enum Progress {
    /** Pods run or will run. */
    ACTIVE,
    /** No new pod will start, but one may still drain: not a state to act on. */
    ENDING,
    /** All pods ended, all indexes succeeded. */
    COMPLETE,
    /** All pods ended, not all indexes succeeded. */
    FAILED
  }

  public boolean isTerminal() {
    return progress == Progress.COMPLETE || progress == Progress.FAILED;
  }

  /** Has it, or could it still have, a pod at work? */
  public boolean isLive() {
    return !isTerminal();
  }

  /** The same Job with what events say about its pod. */
  public JobState withTrouble(Optional<StartTrouble> found) {
    return new JobState(name, progress, endedBy, failure, podEnded, lastWord, found);
  }

  /** The permanent error that its pod reported. */
  public Optional<TerminationMessage.PodError> error() {
    return lastWord.map(TerminationMessage::error);
  }

  /**
   * What keeps a pod from its work.
   *
   * @param reason the run's condition reason
   * @param message what happened, in the words of the kubelet, the scheduler or the Job controller
   */
  public record StartTrouble(RunReason reason, String message) {}
}
