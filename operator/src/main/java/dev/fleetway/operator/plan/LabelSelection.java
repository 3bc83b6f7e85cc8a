package dev.fleetway.operator.plan;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;

/**
 * Whether labels match a selector, as
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ defines it.
 */
final class LabelSelection {
  private LabelSelection() {}

  /** An empty selector matches everything. */
  static boolean matches(LabelSelector selector, Map<String, String> labels) {
    boolean equal =
        selector.getMatchLabels() == null
            || labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
    return equal
        && selector.getMatchExpressions().stream()
            .allMatch(requirement -> matches(requirement, labels));
  }

  private static boolean matches(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String value = labels.get(requirement.getKey());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && requirement.getValues().contains(value);
      case "NotIn" -> value == null || !requirement.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default ->
          throw new IllegalArgumentException(
              "label selector: unknown operator " + requirement.getOperator());
    };
  }
}
