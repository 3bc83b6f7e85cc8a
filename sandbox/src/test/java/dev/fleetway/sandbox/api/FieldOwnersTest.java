package dev.fleetway.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class FieldOwnersTest {
  private static final ResourceType TYPE =
      ResourceType.builtIn("example.test", "v1", "things", "Thing", true).withStatus();

  private ObjectNode live = Json.empty();
  private FieldOwners owners = FieldOwners.NONE;

  private void apply(String manager, String yaml) {
    FieldOwners.Applied applied = owners.apply(live, Json.readObject(yaml), manager, true, TYPE);
    live = applied.object();
    owners = applied.owners();
  }

  private void assertLive(String yaml) {
    assertThat(live).isEqualTo(Json.read(yaml));
  }

  @Test
  void removesAFieldThatTheSameManagerLeavesOut() {
    apply("a", "status: {phase: Running, message: old}");

    apply("a", "status: {phase: Done}");

    assertLive("status: {phase: Done}");
  }

  @Test
  void keepsTheFieldsOfOtherManagers() {
    apply("a", "status: {access: ReadWrite}");
    apply("b", "status: {outcome: Failed}");

    apply("a", "status: {access: ReadOnly}");

    assertLive("status: {access: ReadOnly, outcome: Failed}");
  }

  @Test
  void mergesConditionsByTypeAndRemovesThoseLeftOut() {
    apply(
        "a", "status: {conditions: [{type: Ready, status: 'True'}, {type: Old, status: 'True'}]}");
    apply("b", "status: {conditions: [{type: Other, status: 'True'}]}");

    apply("a", "status: {conditions: [{type: Ready, status: 'False'}]}");

    assertLive(
        "status: {conditions: [{type: Ready, status: 'False'}, {type: Other, status: 'True'}]}");
  }

  @Test
  void replacesListsWithoutKeysAsAWhole() {
    apply("a", "spec: {sizes: [1, 2, 3]}");

    apply("a", "spec: {sizes: [4]}");

    assertLive("spec: {sizes: [4]}");
  }

  @Test
  void doesNotRemoveWhatAnotherWriterChangedSince() {
    apply("a", "status: {phase: Running, owner: a}");
    ObjectNode patched = Patches.merge(live, Json.readObject("status: {owner: b}"));
    owners = owners.changed(live, patched, "");
    live = patched;

    apply("a", "status: {phase: Done}");

    assertLive("status: {phase: Done, owner: b}");
  }

  @Test
  void refusesToTakeAFieldFromAnotherManagerWithoutForce() {
    apply("a", "spec: {size: 1}");

    assertThatThrownBy(
            () -> owners.apply(live, Json.readObject("spec: {size: 2}"), "b", false, TYPE))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(".spec.size");
  }

  @Test
  void treatsFinalizersAsASet() {
    apply("a", "metadata: {finalizers: [a/x]}");
    apply("b", "metadata: {finalizers: [b/y]}");

    apply("a", "metadata: {labels: {k: v}}");

    assertLive("metadata: {finalizers: [b/y], labels: {k: v}}");
  }
}
