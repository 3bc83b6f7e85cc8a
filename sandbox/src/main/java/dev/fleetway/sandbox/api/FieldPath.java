package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The way to one leaf of an object: through members, items with keys, and items of sets. */
record FieldPath(List<Step> steps) {

  FieldPath {
    steps = List.copyOf(steps);
  }

  /** One step down. */
  sealed interface Step {
    /** Member of an object. */
    record Member(String name) implements Step {}

    /** Item of a list-map. */
    record Keyed(List<String> keys, String identity) implements Step {}

    /** Item of a set. */
    record Item(JsonNode value) implements Step {}
  }

  /** All leaves: scalars, lists that are replaced as a whole, items of sets, empty objects. */
  static Set<FieldPath> leaves(ObjectNode object, ListShape shape) {
    Set<FieldPath> leaves = new HashSet<>();
    collect(object, shape, List.of(), leaves);
    // who the object is belongs to nobody
    leaves.removeIf(
        leaf ->
            leaf.startsWith("apiVersion")
                || leaf.startsWith("kind")
                || leaf.startsWith("metadata", "name")
                || leaf.startsWith("metadata", "namespace")
                || leaf.startsWith("metadata", "uid")
                || leaf.startsWith("metadata", "resourceVersion"));
    return leaves;
  }

  private static void collect(
      JsonNode value, ListShape shape, List<Step> steps, Set<FieldPath> leaves) {
    if (value instanceof ObjectNode object && !object.isEmpty()) {
      object
          .properties()
          .forEach(
              member -> {
                if (!member.getValue().isNull()) {
                  collect(
                      member.getValue(),
                      shape.member(member.getKey()),
                      plus(steps, new Step.Member(member.getKey())),
                      leaves);
                }
              });
    } else if (value instanceof ArrayNode array && (shape.isSet() || !shape.keys().isEmpty())) {
      for (JsonNode item : array) {
        if (shape.isSet()) {
          leaves.add(new FieldPath(plus(steps, new Step.Item(item))));
        } else {
          String identity = ListShape.identity(item, shape.keys());
          Step step = new Step.Keyed(shape.keys(), identity);
          collect(item, shape.items(), plus(steps, step), leaves);
        }
      }
    } else {
      leaves.add(new FieldPath(steps));
    }
  }

  private static List<Step> plus(List<Step> steps, Step step) {
    List<Step> longer = new ArrayList<>(steps);
    longer.add(step);
    return longer;
  }

  private boolean startsWith(String... names) {
    for (int i = 0; i < names.length; i++) {
      if (i >= steps.size()
          || !(steps.get(i) instanceof Step.Member member)
          || !member.name().equals(names[i])) {
        return false;
      }
    }
    return true;
  }

  JsonNode value(JsonNode object) {
    JsonNode at = object;
    for (Step step : steps) {
      at = down(at, step);
    }
    return at;
  }

  private static JsonNode down(JsonNode at, Step step) {
    if (step instanceof Step.Member member) {
      return at.path(member.name());
    }
    if (at instanceof ArrayNode array) {
      int index = indexOf(array, step);
      return index < 0 ? MissingNode.getInstance() : array.get(index);
    }
    return MissingNode.getInstance();
  }

  private static int indexOf(ArrayNode array, Step step) {
    for (int i = 0; i < array.size(); i++) {
      boolean same =
          step instanceof Step.Keyed keyed
              ? keyed.identity() != null
                  && keyed.identity().equals(ListShape.identity(array.get(i), keyed.keys()))
              : step instanceof Step.Item item && item.value().equals(array.get(i));
      if (same) {
        return i;
      }
    }
    return -1;
  }

  /** Removes the leaf, and what became empty around it. */
  void remove(ObjectNode object) {
    remove(object, 0);
  }

  private void remove(JsonNode at, int depth) {
    Step step = steps.get(depth);
    boolean last = depth == steps.size() - 1;
    JsonNode child = down(at, step);
    if (child.isMissingNode()) {
      return;
    }
    if (step instanceof Step.Keyed keyed && isKey(depth + 1)) {
      // the keys go with their item, once nothing else is left in it
      if (child.size() > keyed.keys().size()) {
        return;
      }
    } else if (!last) {
      remove(child, depth + 1);
      if (!child.isEmpty()) {
        return;
      }
    }
    if (at instanceof ObjectNode parent && step instanceof Step.Member member) {
      parent.remove(member.name());
    } else if (at instanceof ArrayNode array) {
      array.remove(indexOf(array, step));
    }
  }

  /** Keys are removed after the other members of their item. */
  boolean isKey() {
    return steps.size() > 1 && isKey(steps.size() - 1);
  }

  private boolean isKey(int depth) {
    return depth < steps.size()
        && steps.get(depth) instanceof Step.Member member
        && steps.get(depth - 1) instanceof Step.Keyed keyed
        && keyed.keys().contains(member.name());
  }

  @Override
  public String toString() {
    return steps.stream()
        .map(
            step ->
                step instanceof Step.Member member
                    ? "." + member.name()
                    : step instanceof Step.Keyed keyed
                        ? "[" + keyed.identity().strip() + "]"
                        : "[" + ((Step.Item) step).value() + "]")
        .collect(Collectors.joining());
  }
}
