package dev.fleetway.sandbox.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.fleet.Bundle;
import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.fleet.RunManifest;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The demo, played once: a fleet at an older version, a run that aborts on bad data, the repair,
 * the resume. Keeps what was seen after the abort and at the end.
 */
final class DemoStory {
  static final String BASE_RUN = "base";
  static final String RUN = "head";
  static final int CUSTOMERS = 3;

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String BUNDLE = "sample-migrations";
  private static final String ROWS =
      """
      INSERT INTO customers (full_name, email)
      SELECT 'Customer ' || n, 'customer' || n || '@example.test' FROM generate_series(1, 3) n;
      INSERT INTO orders (customer_id, currency) SELECT id, 'EUR' FROM customers;
      """;
  private static final String DUPLICATE =
      "INSERT INTO customers (full_name, email)"
          + " VALUES ('Ada', 'ada@example.test'), ('Ada again', 'ADA@example.test')";
  private static final String REPAIR = "DELETE FROM customers WHERE full_name = 'Ada again'";
  private static final String HISTORY =
      "SELECT version, success FROM flyway_schema_history WHERE version IS NOT NULL"
          + " ORDER BY installed_rank";

  private final FleetPlace place;
  private final List<String> tenants;
  private final FleetPlace.FleetShape shape;

  private Sight afterAbort;
  private Sight atTheEnd;

  /**
   * What there was at one moment.
   *
   * @param run the run
   * @param jobs its Jobs
   * @param tenants all tenants
   * @param histories per tenant, in the order of {@link #tenants}, version and success
   */
  record Sight(
      JsonNode run,
      List<JsonNode> jobs,
      List<JsonNode> tenants,
      List<List<List<String>>> histories) {}

  DemoStory(FleetPlace place) {
    this.place = place;
    this.shape = place.shape();
    this.tenants = Fleet.names(shape.tenants());
  }

  void play() {
    createFleet();
    place.executeAll(databases(tenants), ROWS);
    place.executeAll(databases(badTenants()), DUPLICATE);
    place.apply(
        new RunManifest(place.namespace(), RUN, BUNDLE, null, shape.cohortSizes()).toYaml());
    awaitFinished(RUN);
    afterAbort = look();
    place.executeAll(databases(badTenants()), REPAIR);
    place.mergePatch("tenantmigrationruns", RUN, "{\"spec\":{\"attempt\":2}}");
    awaitFinished(RUN);
    atTheEnd = look();
  }

  private void createFleet() {
    databases(tenants)
        .forEach(database -> place.execute("postgres", "CREATE DATABASE \"" + database + "\""));
    FleetPlace.Server server = place.server();
    Fleet fleet =
        new Fleet(
            place.namespace(),
            tenants,
            server.host(),
            server.port(),
            server.user(),
            server.password());
    place.apply(
        fleet.manifests().stream().map(Serialization::asYaml).collect(Collectors.joining("\n")));
    place.apply(Serialization.asYaml(Bundle.sample().toConfigMap(place.namespace(), BUNDLE)));
    RunManifest base =
        new RunManifest(place.namespace(), BASE_RUN, BUNDLE, Bundle.SAMPLE_BASE, List.of(100));
    place.apply(base.toYaml());
    awaitFinished(BASE_RUN);
    assertThat(run(BASE_RUN).at("/status/phase").asText())
        .as("the fleet before the demo: %s", run(BASE_RUN).path("status"))
        .isEqualTo("Succeeded");
  }

  private void awaitFinished(String run) {
    assertThat(place.awaitCondition("tenantmigrationruns", run, "Finished", PATIENCE))
        .as("run %s finishes: %s", run, run(run).path("status"))
        .isTrue();
  }

  private JsonNode run(String name) {
    return place.get("tenantmigrationruns", name).orElseThrow();
  }

  private Sight look() {
    return new Sight(
        run(RUN),
        place.list("jobs", "fleetway.dev/run=" + RUN),
        place.list("tenants", ""),
        place.queryAll(databases(tenants), HISTORY));
  }

  /** Rows of one table per tenant, now. */
  List<Integer> rowCounts(String table) {
    return place.queryAll(databases(tenants), "SELECT count(*) FROM " + table).stream()
        .map(rows -> Integer.valueOf(rows.get(0).get(0)))
        .toList();
  }

  boolean exists(String kind, String name) {
    return place.get(kind, name).isPresent();
  }

  private static List<String> databases(List<String> tenants) {
    return tenants.stream().map(Fleet::database).toList();
  }

  List<String> tenants() {
    return tenants;
  }

  List<String> cohort(int number) {
    return Fleet.cohort(tenants, shape.cohortSizes(), number);
  }

  int cohorts() {
    return Fleet.cohorts(shape.tenants(), shape.cohortSizes());
  }

  int badCohort() {
    return shape.badCohort();
  }

  List<String> badTenants() {
    return cohort(shape.badCohort()).subList(0, shape.badTenants());
  }

  Sight afterAbort() {
    return afterAbort;
  }

  Sight atTheEnd() {
    return atTheEnd;
  }
}
