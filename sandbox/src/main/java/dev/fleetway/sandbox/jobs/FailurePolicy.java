package dev.fleetway.sandbox.jobs;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.Optional;

/** What {@code spec.podFailurePolicy} says about a failed pod: the first rule that matches. */
final class FailurePolicy {
  private FailurePolicy() {}

  /** What becomes of a failed pod. */
  enum Action {
    /** Counts against the limit of its index. */
    Count,
    /** Replaced, not counted. */
    Ignore,
    /** The Job fails at once. */
    FailJob,
    /** The index fails at once. */
    FailIndex
  }

  /**
   * The action, and which rule it came from.
   *
   * @param action what to do
   * @param rule number of the rule, -1 when none matched
   */
  record Judgement(Action action, int rule) {

    /** The message of the Job's condition, as the Job controller words it. */
    String message(Pod pod, PodStatus status) {
      ContainerStatus container = status.getContainerStatuses().get(0);
      return "Container "
          + container.getName()
          + " for pod "
          + pod.getMetadata().getNamespace()
          + "/"
          + pod.getMetadata().getName()
          + " failed with exit code "
          + container.getState().getTerminated().getExitCode()
          + " matching FailJob rule at index "
          + rule;
    }
  }

  static Judgement judge(JobSpec spec, PodStatus pod) {
    if (spec.getPodFailurePolicy() != null) {
      int number = 0;
      for (PodFailurePolicyRule rule : spec.getPodFailurePolicy().getRules()) {
        if (matches(rule, pod)) {
          return new Judgement(Action.valueOf(rule.getAction()), number);
        }
        number++;
      }
    }
    return new Judgement(Action.Count, -1);
  }

  private static boolean matches(PodFailurePolicyRule rule, PodStatus pod) {
    boolean condition =
        rule.getOnPodConditions().stream()
            .anyMatch(
                pattern ->
                    pod.getConditions().stream()
                        .anyMatch(
                            found ->
                                found.getType().equals(pattern.getType())
                                    && found.getStatus().equals(pattern.getStatus())));
    return condition
        || (rule.getOnExitCodes() != null && exitCode(rule.getOnExitCodes(), pod).isPresent());
  }

  private static Optional<Integer> exitCode(
      PodFailurePolicyOnExitCodesRequirement requirement, PodStatus pod) {
    return pod.getContainerStatuses().stream()
        .filter(
            container ->
                requirement.getContainerName() == null
                    || requirement.getContainerName().equals(container.getName()))
        .filter(container -> container.getState().getTerminated() != null)
        .map(container -> container.getState().getTerminated().getExitCode())
        .filter(code -> code != 0)
        .filter(
            code ->
                requirement.getValues().contains(code) == requirement.getOperator().equals("In"))
        .findFirst();
  }
}
