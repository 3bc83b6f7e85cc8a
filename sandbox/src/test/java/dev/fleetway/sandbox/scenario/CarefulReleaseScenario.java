package dev.fleetway.sandbox.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.fleet.Bundle;
import dev.fleetway.sandbox.fleet.Fleet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A release as a careful team does it, with real pods: look first, then the canaries, then, after a
 * promotion and behind a gate, the rest in two pods. Each test is one step of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class CarefulReleaseScenario {
  private static final String RUNS = "tenantmigrationruns";
  private static final String BUNDLE = "sample-migrations";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int CANARIES = 2;

  private final List<String> tenants = Fleet.names(10);
  private FleetPlace place;

  /** Where the story is played; asked once, before the first test. */
  protected abstract FleetPlace place();

  @BeforeAll
  void createTheFleet() {
    place = place();
    databases().forEach(database -> place.execute("postgres", "CREATE DATABASE " + database));
    place.apply(Serialization.asYaml(Bundle.sample().toConfigMap(place.namespace(), BUNDLE)));
    FleetPlace.Server server = place.server();
    // Half of the fleet is reached by another name: two servers, so two pods can share a cohort.
    applyTenants(tenants.subList(0, 5), server.host());
    applyTenants(tenants.subList(5, 10), server.alias());
    tenants
        .subList(0, CANARIES)
        .forEach(
            canary ->
                place.mergePatch(
                    "tenants", canary, "{\"metadata\":{\"labels\":{\"canary\":\"true\"}}}"));
  }

  private void applyTenants(List<String> names, String host) {
    FleetPlace.Server server = place.server();
    place.apply(
        new Fleet(place.namespace(), names, host, server.port(), server.user(), server.password())
            .manifests().stream().map(Serialization::asYaml).collect(Collectors.joining("\n")));
  }

  @Test
  @Order(1)
  void aPlanSaysWhatARunWouldDoAndWritesNothing() {
    place.apply(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: look}
        spec: {mode: Plan, migrations: {configMapRefs: [{name: sample-migrations}]}}
        """);

    awaitFinished("look");

    assertThat(run("look").at("/status/phase").asText()).isEqualTo("Planned");
    assertThat(reason("look")).isEqualTo("PlanReady");
    assertThat(place.list("tenants", ""))
        .hasSameSizeAs(tenants)
        .allSatisfy(
            tenant -> {
              assertThat(tenant.at("/status/lastPlan/pending").asInt()).isEqualTo(12);
              assertThat(tenant.at("/status/lastPlan/problems")).isEmpty();
              assertThat(tenant.at("/status/lastRun").isMissingNode()).isTrue();
            });
    assertThat(tables()).as("tables of each tenant").containsOnly("0");
  }

  @Test
  @Order(2)
  void theCanariesGoFirstAndTheRunWaits() {
    place.apply(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: release}
        spec:
          migrations: {configMapRefs: [{name: sample-migrations}]}
          rollout: {first: {matchLabels: {canary: "true"}}, pauseAfter: 1}
          execution: {shards: 2}
          gate: {mode: ReadOnly, settle: 3s}
        """);

    assertThat(place.awaitCondition(RUNS, "release", "Suspended", PATIENCE))
        .as("the run waits: %s", run("release").path("status"))
        .isTrue();

    assertThat(reason("release")).isEqualTo("AwaitingPromotion");
    assertThat(tables().subList(0, CANARIES)).doesNotContain("0");
    assertThat(tables().subList(CANARIES, tenants.size())).containsOnly("0");
    Awaitility.await("the canaries may write again")
        .atMost(Duration.ofSeconds(10))
        .until(() -> withAccess("ReadOnly").isEmpty());
  }

  @Test
  @Order(3)
  void theRestIsReadOnlyWhileItIsMigratedInTwoPods() {
    place.mergePatch(RUNS, "release", "{\"spec\":{\"promote\":true}}");

    Awaitility.await("the second cohort may not write")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> withAccess("ReadOnly").equals(tenants.subList(CANARIES, tenants.size())));
    awaitFinished("release");

    assertThat(run("release").at("/status/phase").asText())
        .as("%s", run("release").path("status"))
        .isEqualTo("Succeeded");
    JsonNode job =
        place.get("jobs", run("release").at("/status/cohorts/1/jobName").asText()).orElseThrow();
    assertThat(job.at("/spec/completions").asInt()).isEqualTo(2);
    assertThat(job.at("/status/succeeded").asInt()).isEqualTo(2);
    Awaitility.await("everybody may write again")
        .atMost(Duration.ofSeconds(10))
        .until(() -> withAccess("ReadOnly").isEmpty());
  }

  @Test
  @Order(4)
  void everyTenantIsAtHeadInTheEnd() {
    assertThat(
            place.queryAll(
                databases(), "SELECT max(version) FROM flyway_schema_history WHERE success"))
        .allSatisfy(rows -> assertThat(rows).isEqualTo(List.of(List.of(Bundle.SAMPLE_HEAD))));
    assertThat(place.list("tenants", ""))
        .allSatisfy(
            tenant -> {
              assertThat(tenant.at("/status/lastRun/name").asText()).isEqualTo("release");
              assertThat(tenant.at("/status/minCompatibleCodeVersion").asText())
                  .isEqualTo("2.14.0");
              // Of the plan before: what an Apply run does to a tenant is not its business.
              assertThat(tenant.at("/status/lastPlan/name").asText()).isEqualTo("look");
            });
  }

  private void awaitFinished(String run) {
    assertThat(place.awaitCondition(RUNS, run, "Finished", PATIENCE))
        .as("run %s finishes: %s", run, run(run).path("status"))
        .isTrue();
  }

  private JsonNode run(String name) {
    return place.get(RUNS, name).orElseThrow();
  }

  private String reason(String run) {
    return StreamSupport.stream(run(run).at("/status/conditions").spliterator(), false)
        .filter(condition -> condition.path("type").asText().equals("Ready"))
        .map(condition -> condition.path("reason").asText())
        .findFirst()
        .orElse("");
  }

  private List<String> withAccess(String access) {
    List<String> names = new ArrayList<>();
    for (JsonNode tenant : place.list("tenants", "")) {
      if (tenant.at("/status/access").asText().equals(access)) {
        names.add(tenant.at("/metadata/name").asText());
      }
    }
    return names.stream().sorted().toList();
  }

  private List<String> databases() {
    return tenants.stream().map(Fleet::database).toList();
  }

  private List<String> tables() {
    return place
        .queryAll(databases(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        .stream()
        .map(rows -> rows.get(0).get(0))
        .toList();
  }
}
