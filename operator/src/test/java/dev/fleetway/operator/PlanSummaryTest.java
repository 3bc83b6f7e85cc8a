package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.operator.decide.RunDecider;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.observe.RunObserver;
import dev.fleetway.operator.plan.CohortPlanner;
import dev.fleetway.operator.status.RunStatusFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a run in mode Plan says at its end. */
class PlanSummaryTest {
  private static final Path FINISHED =
      Path.of("src/test/resources/golden/16-a-plan-run-is-finished");
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:10Z");

  @Test
  void restsOnNoCache() throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    for (String file : List.of("in-configmaps.yaml", "in-run.yaml", "in-tenants.yaml")) {
      objects.addAll(Manifests.read(Files.readString(FINISHED.resolve(file))));
    }
    StoredCluster stored = new StoredCluster(objects);
    RunObserver.Caches empty =
        new RunObserver.Caches(List.of(), List.of(), name -> Optional.empty());

    RunObservation seen = new RunObserver(stored).observe(stored.run(), empty, NOW);

    assertThat(
            RunStatusFactory.status(
                seen, RunDecider.decide(seen, CohortPlanner.plan(seen), NOW), NOW))
        .isEqualTo(stored.turn(NOW).status());
    assertThat(stored.turn(NOW).status().condition("Ready").message()).contains("(4 have 1)");
  }
}
