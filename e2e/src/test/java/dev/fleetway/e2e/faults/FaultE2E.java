package dev.fleetway.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.e2e.cluster.ProcessKiller;
import dev.fleetway.e2e.faults.Fault.End;
import dev.fleetway.e2e.faults.Fault.Needs;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Things go wrong in the middle of a run over sixty tenants. Whatever it was, every promise is kept
 * at the end: read from the API and from each database by {@link EvidenceReader}, judged by {@link
 * Invariants}. {@code FLEETWAY_FAULTS} selects them, see {@link Faults}.
 */
class FaultE2E {
  /** Few enough to be used up. */
  static final int CONNECTIONS = 40;

  private static final String PASSWORD = UUID.randomUUID().toString();

  @RegisterExtension
  static final ClusterFleet CLUSTER =
      new ClusterFleet(
          new FleetShape(FaultFleet.TENANTS, List.of(Fault.USUAL_COHORT), 1, 0), CONNECTIONS);

  private static final List<Recovery> RECOVERIES = new ArrayList<>();
  private static final Map<String, String> FINISHED = new HashMap<>();
  private static FaultFleet fleet;
  private static ProcessKiller killer;

  static List<Fault> faults() {
    return Faults.selected(System.getenv(Faults.VARIABLE));
  }

  @BeforeAll
  static void startFleet() {
    fleet = new FaultFleet(CLUSTER.place(), PASSWORD);
    fleet.create();
    killer = new ProcessKiller(CLUSTER.kubectl(), CLUSTER.place().namespace());
  }

  @AfterAll
  static void report() {
    if (killer != null) {
      killer.close();
    }
    System.out.println(Recovery.HEADER);
    RECOVERIES.forEach(recovery -> System.out.println(recovery.line()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void keepsEveryPromise(Fault fault) {
    assumeItCanBeDone(fault);
    int version = fleet.nextBundle(CLUSTER.place()::apply);
    String name = "r%d-%s".formatted(version, fault.name());
    try (ApiProxy api = new ApiProxy();
        RunWatch watch = new RunWatch(api, CLUSTER.place().namespace(), name)) {
      FaultScene scene =
          new FaultScene(
              CLUSTER.kubectl(),
              CLUSTER.place(),
              fleet,
              killer,
              new ClusterComponents(CLUSTER.kubectl()),
              name,
              watch);
      fault.before().in(scene);
      try {
        play(fault, version, scene);
      } finally {
        fault.after().in(scene);
      }
    }
    assertFinishedRunsAreInert();
  }

  private static void assumeItCanBeDone(Fault fault) {
    boolean possible = fault.needs() == Needs.NOTHING || ClusterComponents.canBeStopped();
    String reason =
        ClusterComponents.VARIABLE
            + " is not set: it names the program that stops and starts the cluster's own"
            + " components";
    if ("true".equals(System.getenv("CI"))) {
      assertThat(possible).as("under CI nothing is skipped; %s", reason).isTrue();
    }
    assumeTrue(possible, reason);
  }

  private static void play(Fault fault, int version, FaultScene scene) {
    startRun(fault, version, scene);
    scene.watch().awaitWorkIn(2, 1);
    Instant struck = Instant.now();
    fault.strike().in(scene);
    Instant over = Instant.now();
    end(fault, scene);
    Instant ended = Instant.now();

    FleetEvidence evidence = settled(version, scene);
    String story = story(scene);
    Recovery recovery = Recovery.of(fault, struck, over, ended, evidence, story);
    RECOVERIES.add(recovery);
    System.out.println(Recovery.HEADER);
    System.out.println(recovery.line());
    assertThat(
            new Invariants(
                    evidence,
                    fleet.versions(),
                    fleet.marked(),
                    Set.copyOf(
                        List.of(PASSWORD, fleet.password(), CLUSTER.place().server().password())))
                .findings())
        .as("promises after %s; the run said: %s", fault, story)
        .isEmpty();
    assertThat(evidence.run().phase()).as(story).isEqualTo("Succeeded");
    assertThat(evidence.run().attempt()).as(story).isEqualTo(fault.end() == End.RESUMED ? 2 : 1);
    assertThat(said(scene)).as(story).containsAll(fault.says());
    FINISHED.put(scene.name(), resourceVersion(scene.name()));
  }

  private static void startRun(Fault fault, int version, FaultScene scene) {
    scene.place().apply(FaultFleet.run(scene.name(), version, fault.cohortSize()));
  }

  private static void end(Fault fault, FaultScene scene) {
    if (fault.end() == End.SUCCEEDS) {
      scene.awaitEnd(1);
      return;
    }
    JsonNode run = scene.place().get(FaultScene.KIND, scene.name()).orElseThrow();
    if (run.at("/spec/attempt").asInt() == 1) {
      scene.awaitEnd(1);
      scene.patchRun("{\"attempt\":2}");
    }
    scene.awaitEnd(2);
  }

  /** What a killed client left on the server goes within ten seconds, an ended pod sooner. */
  private static FleetEvidence settled(int version, FaultScene scene) {
    EvidenceReader reader = new EvidenceReader(CLUSTER.kubectl(), CLUSTER.place(), fleet);
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> reader.isSettled(scene.name()));
    } catch (ConditionTimeoutException e) {
      // the invariants say what is left
    }
    return reader.read(scene.name(), version);
  }

  private static String story(FaultScene scene) {
    return scene.watch().sightings().stream()
        .map(seen -> seen.phase() + "/" + seen.reason())
        .collect(Collectors.joining(" "));
  }

  private static Set<String> said(FaultScene scene) {
    Set<String> said = new HashSet<>();
    scene.watch().sightings().forEach(seen -> said.add(seen.reason()));
    scene.place().list("events", "").stream()
        .filter(event -> event.at("/involvedObject/name").asText().equals(scene.name()))
        .forEach(event -> said.add(event.path("reason").asText()));
    return said;
  }

  /** The half of I4 that needs time: nobody writes to a run that is through. */
  private static void assertFinishedRunsAreInert() {
    Map<String, String> now = new HashMap<>();
    FINISHED.keySet().forEach(name -> now.put(name, resourceVersion(name)));
    assertThat(now).isEqualTo(FINISHED);
  }

  private static String resourceVersion(String run) {
    return CLUSTER
        .place()
        .get(FaultScene.KIND, run)
        .orElseThrow()
        .at("/metadata/resourceVersion")
        .asText();
  }
}
