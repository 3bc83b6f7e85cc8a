package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.operator.model.RunNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs that an operator of an older release began: what it stored is kept for ever, and this one
 * goes on from there. See CONTRIBUTING.md for how a release adds its own.
 */
class UpgradeTest {
  private static final Path FIXTURES = Path.of("src/test/resources/upgrade");
  private static final String RELEASE = System.getProperty("fleetway.upgrade.release", "");

  @BeforeAll
  static void storesTheSituationsOfThisRelease() throws IOException {
    if (RELEASE.isEmpty()) {
      return;
    }
    for (UpgradeSituation situation : UpgradeSituation.all()) {
      Path directory = FIXTURES.resolve(RELEASE).resolve(situation.directory());
      if (Files.exists(directory)) {
        throw new IllegalStateException(directory + " exists: what a release stored stays");
      }
      Files.createDirectories(directory);
      FleetLife life = situation.play();
      Files.writeString(
          directory.resolve("stored.yaml"),
          "# Stored by the operator of %s, in the situation %s. Kept for ever: do not edit.\n"
                  .formatted(RELEASE, situation.directory())
              + life.stored().all().stream()
                  .map(Manifests::exactly)
                  .collect(Collectors.joining("---\n")));
      Files.writeString(
          directory.resolve("expected.yaml"),
          "now: \"%s\"\n".formatted(life.now().plusSeconds(1)) + situation.end());
    }
  }

  static List<Path> situations() throws IOException {
    try (Stream<Path> found = Files.walk(FIXTURES, 2)) {
      return found.filter(path -> Files.exists(path.resolve("stored.yaml"))).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("situations")
  void thisOperatorGoesOnToTheEnd(Path situation) throws IOException {
    StoredCluster stored =
        new StoredCluster(Manifests.read(Files.readString(situation.resolve("stored.yaml"))));
    JsonNode expected = Manifests.tree(Files.readString(situation.resolve("expected.yaml")));
    List<String> done =
        stored.all(Tenant.class).stream()
            .filter(tenant -> succeededIn(stored.run(), tenant))
            .map(tenant -> tenant.getMetadata().getName())
            .toList();
    PlayedPods pods = new PlayedPods(stored);

    pods.playToTheEnd(Instant.parse(expected.get("now").asText()));

    assertThat(pods.migrated())
        .as("nobody is migrated twice")
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(done);
    assertThat(pods.migrated())
        .as("whom the new operator's pods migrated")
        .containsExactlyInAnyOrderElementsOf(names(expected.get("migrates")));
    TenantMigrationRunStatus end = stored.run().getStatus();
    assertThat(end.phase()).hasToString(expected.get("phase").asText());
    assertThat(end.abortCount()).isEqualTo(expected.get("abortCount").asInt());
    assertThat(end.totals().succeeded()).isEqualTo(expected.get("succeeded").asInt());
    assertThat(end.totals().failed()).isEqualTo(expected.get("failed").asInt());
    assertThat(end.failureGroups().stream().mapToInt(group -> group.count()).sum())
        .as("failures by cause")
        .isEqualTo(end.totals().failed());
    assertThat(end.lastClosedCohort()).isEqualTo(end.cohortCount());
    assertThat(stored.all(Tenant.class))
        .filteredOn(tenant -> succeededIn(stored.run(), tenant))
        .hasSize(end.totals().succeeded());
    assertThat(stored.all(Tenant.class))
        .as("the gate is open")
        .allMatch(tenant -> tenant.getStatus().access() == Access.ReadWrite);
    assertThat(stored.run().getMetadata().getFinalizers()).doesNotContain(RunNames.FINALIZER);
    assertThat(pods.liveJob()).isEmpty();
  }

  private static boolean succeededIn(TenantMigrationRun run, Tenant tenant) {
    return tenant.getStatus().lastRun() != null
        && tenant.getStatus().lastRun().belongsTo(run.getMetadata().getUid())
        && tenant.getStatus().lastRun().outcome().isSuccess();
  }

  private static List<String> names(JsonNode list) {
    return Stream.iterate(0, i -> i < list.size(), i -> i + 1)
        .map(i -> list.get(i).asText())
        .collect(Collectors.toList());
  }
}
