package dev.fleetway.operator.model;

import java.util.Arrays;

/**
 * Why a run is where it is: the reason of its conditions, of its events and of its log lines, and
 * the single source of their hints.
 */
public enum RunReason {
  // in progress
  Inspecting("A short Job reads the bundle."),
  Planning("The fleet is listed, ordered and divided into cohorts."),
  CohortRunning("A cohort's Job migrates its tenants."),
  WaitingForStagger("The pause between two cohorts; status.nextCohortTime says until when."),
  WaitingForRun(
      "Two runs over the same tenants go one after the other; suspend, abort or delete the other one to"
          + " let this one go first."),
  Gating("The tenants of the cohort become read-only (status.access) before its Job starts."),
  Settling(
      "The tenants of the cohort are read-only; applications get gate.settle to notice before its Job"
          + " starts."),
  Aborting("The running cohort is drained; then the run is Aborted."),
  Deleting("The run is being deleted; its Job is drained first."),
  WaitingForPods("Pods of a Job that is gone still drain; nothing starts beside them."),

  DrainOverdue(
      "A pod was told to end and is still there past its grace period, so nothing starts beside it. Is"
          + " its node gone? Bring it back, or make sure that it is off and then delete the Node, or the"
          + " pod with --force --grace-period=0."),

  JobLost(
      "Somebody deleted the Job of a cohort at work. Tenants with an outcome are left alone, the others"
          + " go on."),
  PlanRestored(
      "Somebody deleted a ConfigMap that the run froze, of its plan or of the cohort at work. It was stored"
          + " again as it was, and the run goes on."),

  // in progress, but the pod does not start, or did not stay
  PodsNotCreated("The Job controller cannot create the pod: correct what its event says."),
  RunnerServiceAccountMissing(
      "The ServiceAccount of the runner is missing in this namespace: let the chart create it (values:"
          + " watchNamespaces or runner.namespaces)."),
  ImagePullFailed(
      "The image cannot be pulled: correct the reference, or the pull credentials. A run that"
          + " migrates already takes another runner.image only with the next attempt."),
  ContainerNotCreated("The kubelet cannot create the container: correct what it says."),
  Unschedulable("No node takes the pod: free resources, or ask for less in runner.resources."),
  PodNotStarted("The pod is bound to a node but does not start: correct what the kubelet says."),
  QuotaExceeded(
      "A ResourceQuota has no room for the pod: free some, raise it, or ask for less in"
          + " runner.resources."),
  AdmissionRefused(
      "Pod Security or an admission webhook refuses the pod: correct the policy of the namespace, or"
          + " what it asks for in runner."),
  PodEvicted(
      "The pod had to leave its node. Another takes its place: tenants with an outcome are left alone,"
          + " the others go on."),
  PodOutOfMemory(
      "The pod ran out of memory and another takes its place. If it happens again, raise"
          + " runner.resources.limits.memory, or lower execution.concurrency, with the next attempt."),
  PodCrashed("The pod ended with an error and another takes its place, a few times: see its log."),
  NodeLost(
      "The pod's node does not answer, and no pod takes its place while it may still be at work. Bring"
          + " the node back, or make sure that it is off and then delete the Node, or the pod with --force"
          + " --grace-period=0."),
  WriteRefused(
      "The API server refuses what the run needs, or an object of that name is somebody else's: correct"
          + " what it says; it is tried again."),

  // suspended
  SuspendedByUser("spec.suspend is true: set it to false to go on."),
  AwaitingPromotion(
      "The cohorts of rollout.pauseAfter are closed: look at them, then set spec.promote to true to go"
          + " on."),

  // aborted
  AbortRateExceeded(
      "Too many tenants of one cohort failed: repair what the failures say, then raise spec.attempt by"
          + " one."),
  AbortedByUser(
      "spec.abort was set: to go on set it to false and raise spec.attempt by one in the same patch."),
  InvalidBundle("The bundle cannot be used: correct it and create a new run."),
  InvalidConfiguration("The runner cannot work with what it was given: see the message."),
  BundleChanged(
      "The bundle is not the one that was inspected: restore it, or create a new run for the new one."),
  IncompatibleCodeVersion(
      "A pending migration needs newer application code than compatibility.codeVersion: roll the code"
          + " out first, then raise spec.attempt by one with the new codeVersion in the same patch."),
  InspectionFailed("The bundle could not be inspected: see the message, then raise spec.attempt."),
  RunnerFailed("The cohort's Job failed: see its events and the log of its pods."),
  PlanLost(
      "A ConfigMap that the run froze was deleted: the plan, and the fleet has changed since (create a"
          + " new run), or a cohort's assignment (raise spec.attempt)."),

  // finished
  AllTenantsCurrent("Every tenant of the plan that was not skipped is at head."),
  NoTenantMatched("No tenant matched the selection: nothing to do."),
  PlanReady("Mode Plan found no problem and changed nothing: a run of mode Apply can start."),
  PlanFoundProblems(
      "Mode Plan changed nothing: repair what status.failures and the tenants' status.lastPlan say, then"
          + " plan again with a new run."),
  CompletedWithFailures(
      "Through, with failures below the abort rate: repair them, then raise spec.attempt by one to run"
          + " the failed tenants again.");

  private final String hint;

  RunReason(String hint) {
    this.hint = hint;
  }

  /** What it means and what a person can do, for the docs and for messages. */
  public String hint() {
    return hint;
  }

  /** What happened, as its own sentence, and then the hint. */
  public String explain(String what) {
    String sentence = what.strip();
    return sentence + (sentence.endsWith(".") ? " " : ". ") + hint;
  }

  /** Does it say that something keeps the run from its work which somebody should know of? */
  public boolean isBlocking() {
    return switch (this) {
      case DrainOverdue,
          JobLost,
          PlanRestored,
          PodsNotCreated,
          RunnerServiceAccountMissing,
          ImagePullFailed,
          ContainerNotCreated,
          Unschedulable,
          PodNotStarted,
          QuotaExceeded,
          AdmissionRefused,
          PodEvicted,
          PodOutOfMemory,
          PodCrashed,
          NodeLost,
          WriteRefused ->
          true;
      default -> false;
    };
  }

  /** The constant with this name; the runner may be newer and know more of them. */
  public static RunReason of(String name, RunReason fallback) {
    return Arrays.stream(values())
        .filter(reason -> reason.name().equals(name))
        .findFirst()
        .orElse(fallback);
  }
}
