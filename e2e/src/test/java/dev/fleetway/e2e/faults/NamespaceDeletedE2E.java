package dev.fleetway.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetway.e2e.cluster.ClusterFleet;
import dev.fleetway.e2e.tool.SourceTree;
import dev.fleetway.sandbox.scenario.FleetPlace.FleetShape;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A namespace is deleted in the middle of a run over sixty tenants, and is gone soon: nothing of
 * Fleetway waits there for somebody who can no longer come.
 */
@TestMethodOrder(OrderAnnotation.class)
class NamespaceDeletedE2E {
  private static final Duration BOUND = Duration.ofMinutes(2);

  @RegisterExtension
  static final ClusterFleet CLUSTER =
      new ClusterFleet(new FleetShape(FaultFleet.TENANTS, List.of(Fault.USUAL_COHORT), 1, 0));

  private static FaultFleet fleet;

  @BeforeAll
  static void startFleet() {
    fleet = new FaultFleet(CLUSTER.place(), UUID.randomUUID().toString());
    fleet.create();
  }

  @Test
  @Order(1)
  void isGoneSoonWhenTheOperatorLivesElsewhere() {
    String namespace = CLUSTER.place().namespace() + "-fleet";
    CLUSTER.kubectl().run("create", "namespace", namespace);
    try {
      watch(namespace);
      CLUSTER.kubectl().runWithInput(fleet.manifests(namespace), "apply", "-f", "-");

      deleteInTheMiddleOfARun(namespace);

      await("the sessions of the fleet are gone")
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  CLUSTER
                      .place()
                      .query(
                          "postgres",
                          "SELECT 1 FROM pg_stat_activity WHERE usename = '"
                              + FaultFleet.LOGIN
                              + "'")
                      .isEmpty());
      assertThat(
              CLUSTER
                  .place()
                  .queryAll(
                      fleet.databases(), "SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
          .allMatch(List.of(List.of("0"))::equals);
    } finally {
      letGo(namespace);
      watch(CLUSTER.place().namespace());
    }
  }

  @Test
  @Order(2)
  void isGoneSoonWithTheOperatorInIt() {
    deleteInTheMiddleOfARun(CLUSTER.place().namespace());
  }

  private static void watch(String namespace) {
    CLUSTER
        .kubectl()
        .helm(
            Duration.ofMinutes(3),
            List.of(
                "upgrade",
                ClusterFleet.RELEASE,
                SourceTree.file("helm/fleetway").toString(),
                "--namespace",
                CLUSTER.place().namespace(),
                "--set",
                "watchNamespaces={" + namespace + "}",
                "--wait",
                "--timeout",
                "2m"));
  }

  private static void deleteInTheMiddleOfARun(String namespace) {
    Consumer<String> apply =
        yaml -> CLUSTER.kubectl().runWithInput(yaml, "-n", namespace, "apply", "-f", "-");
    int version = fleet.nextBundle(apply);
    String name = "r" + version;
    apply.accept(FaultFleet.run(name, version, Fault.USUAL_COHORT));
    Instant deleted;
    try (ApiProxy api = new ApiProxy();
        RunWatch watch = new RunWatch(api, namespace, name)) {
      watch.awaitWorkIn(2, 1);
      deleted = Instant.now();
      CLUSTER.kubectl().run("delete", "namespace", namespace, "--wait=false");
      await("the namespace is gone")
          .atMost(BOUND)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> !exists(namespace));
    }
    System.out.printf(
        "namespace gone after %.1f s%n",
        Duration.between(deleted, Instant.now()).toMillis() / 1000.0);
  }

  private static boolean exists(String namespace) {
    return !CLUSTER
        .kubectl()
        .run("get", "namespace", namespace, "--ignore-not-found", "-o", "name")
        .isBlank();
  }

  /** After a failure nothing shall be left that hangs. */
  private static void letGo(String namespace) {
    if (exists(namespace)) {
      CLUSTER.kubectl().run("get", "namespace", namespace, "-o", "yaml");
      ClusterFleet.letGoOfRuns(CLUSTER.kubectl(), namespace);
    }
  }
}
