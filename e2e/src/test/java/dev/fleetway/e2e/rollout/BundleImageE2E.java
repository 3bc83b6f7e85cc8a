package dev.fleetway.e2e.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.e2e.cluster.KubectlPlace;
import dev.fleetway.e2e.cluster.SmallFleet;
import dev.fleetway.e2e.tool.SourceTree;
import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts that come in an image, by both mounts, each over tenants of its own. */
class BundleImageE2E {
  private static final String IMAGE = "fleetway.dev/sample-migrations:" + SourceTree.version();
  private static final String KIND = "tenantmigrationruns";

  @RegisterExtension
  static final ClusterFleet CLUSTER = new ClusterFleet(new FleetShape(4, List.of(2), 1, 0));

  @BeforeAll
  static void createFleet() {
    SmallFleet.in(CLUSTER.place());
  }

  @ParameterizedTest
  @CsvSource({"Copy, tenant-001, tenant-002", "Runner, tenant-003, tenant-004"})
  void migratesFromAnImage(String mount, String first, String second) {
    KubectlPlace place = CLUSTER.place();
    String run = "image-" + mount.toLowerCase(Locale.ROOT);
    place.apply(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: %s}
        spec:
          migrations: {image: {reference: "%s", mount: %s}}
          tenants: {names: [%s, %s]}
        """
            .formatted(run, IMAGE, mount, first, second));

    assertThat(place.awaitCondition(KIND, run, "Finished", Duration.ofMinutes(2))).isTrue();

    assertThat(place.get(KIND, run).orElseThrow().at("/status/phase").asText())
        .isEqualTo("Succeeded");
    assertThat(place.get(KIND, run).orElseThrow().at("/status/totals/succeeded").asInt())
        .isEqualTo(2);
    for (String tenant : List.of(first, second)) {
      assertThat(
              place.query(
                  Fleet.database(tenant),
                  "SELECT max(version) FROM flyway_schema_history WHERE success"))
          .isEqualTo(List.of(List.of("112")));
    }
  }
}
