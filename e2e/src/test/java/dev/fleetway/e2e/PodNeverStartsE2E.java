package dev.fleetway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run whose pods cannot start says so, in the kubelet's own words, and can be mended. */
class PodNeverStartsE2E {
  private static final String RUN = "no-image";
  private static final String KIND = "tenantmigrationruns";

  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(2, List.of(2), 1, 0));

  @Test
  void saysThatTheImageCannotBePulledAndGoesOnWithAnotherOne() {
    KubectlPlace place = CLUSTER.place();
    SmallFleet.in(place);
    place.apply(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: %s}
        spec:
          migrations: {configMapRefs: [{name: %s}]}
          runner: {image: "fleetway.dev/no-such-image:1"}
        """
            .formatted(RUN, SmallFleet.BUNDLE));

    await("the kubelet's reason in the Ready condition")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              JsonNode ready = ready(place);
              assertThat(ready.path("reason").asText()).isEqualTo("ImagePullFailed");
              assertThat(ready.path("status").asText()).isEqualTo("False");
              assertThat(ready.path("message").asText())
                  .contains("fleetway.dev/no-such-image:1")
                  .contains("pull");
            });
    assertThat(place.list("tenants", ""))
        .hasSize(2)
        .allMatch(tenant -> tenant.at("/status/lastRun").isMissingNode());

    place.mergePatch(KIND, RUN, "{\"spec\":{\"abort\":true}}");
    assertThat(place.awaitCondition(KIND, RUN, "Finished", Duration.ofSeconds(90))).isTrue();
    assertThat(phase(place)).isEqualTo("Aborted");

    place.mergePatch(
        KIND, RUN, "{\"spec\":{\"attempt\":2,\"abort\":false,\"runner\":{\"image\":null}}}");
    assertThat(place.awaitCondition(KIND, RUN, "Succeeded", Duration.ofMinutes(2))).isTrue();
    assertThat(phase(place)).isEqualTo("Succeeded");
  }

  private static String phase(KubectlPlace place) {
    return place.get(KIND, RUN).orElseThrow().at("/status/phase").asText();
  }

  private static JsonNode ready(KubectlPlace place) {
    JsonNode conditions = place.get(KIND, RUN).orElseThrow().at("/status/conditions");
    return StreamSupport.stream(conditions.spliterator(), false)
        .filter(condition -> condition.path("type").asText().equals("Ready"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no Ready condition yet"));
  }
}
