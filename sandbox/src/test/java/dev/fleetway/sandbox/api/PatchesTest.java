package dev.fleetway.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class PatchesTest {
  private static final ResourceType PODS =
      ResourceType.builtIn("", "v1", "pods", "Pod", true).withStatus();

  @Test
  void aMergePatchReplacesArraysAndRemovesNulls() {
    ObjectNode live = Json.readObject("{spec: {sizes: [1, 2], old: x, kept: y}}");

    ObjectNode merged = Patches.merge(live, Json.readObject("{spec: {sizes: [3], old: null}}"));

    assertThat(merged).isEqualTo(Json.read("{spec: {sizes: [3], kept: y}}"));
  }

  @Test
  void aFailedTestOfAJsonPatchIsUnprocessableAndChangesNothing() {
    ObjectNode live = Json.readObject("{metadata: {uid: a}}");

    assertThatThrownBy(
            () ->
                Patches.json(
                    live,
                    Json.read(
                        """
                        [{"op": "add", "path": "/x", "value": 1},
                         {"op": "test", "path": "/metadata/uid", "value": "b"}]
                        """)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
    assertThat(live.has("x")).isFalse();
  }

  @Test
  void aStrategicPatchMergesListsByTheirKeys() {
    ObjectNode live =
        Json.readObject("{spec: {containers: [{name: a, image: x}, {name: b, image: y}]}}");

    ObjectNode merged =
        Patches.strategic(
            live,
            Json.readObject(
                "{spec: {containers: [{name: b, image: z}, {name: a, $patch: delete}]}}"),
            ListShape.of(PODS));

    assertThat(merged).isEqualTo(Json.read("{spec: {containers: [{name: b, image: z}]}}"));
  }
}
