package dev.fleetway.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.Kubectl;
import dev.fleetway.e2e.cluster.KubectlPlace;
import dev.fleetway.e2e.faults.FleetEvidence.Abort;
import dev.fleetway.e2e.faults.FleetEvidence.Cohort;
import dev.fleetway.e2e.faults.FleetEvidence.Database;
import dev.fleetway.e2e.faults.FleetEvidence.Job;
import dev.fleetway.e2e.faults.FleetEvidence.Run;
import dev.fleetway.e2e.faults.FleetEvidence.Server;
import dev.fleetway.e2e.faults.FleetEvidence.TenantState;
import dev.fleetway.e2e.faults.FleetEvidence.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads a {@link FleetEvidence} from the API and from every database. */
final class EvidenceReader {
  private static final List<String> OUTCOMES =
      List.of("succeeded", "alreadyCurrent", "failed", "skipped");

  private static final String DATABASE =
      """
      SELECT kind, a, b FROM (
        SELECT 1 AS part, installed_rank AS rank, 'history' AS kind, version AS a, success::text AS b
          FROM flyway_schema_history WHERE version IS NOT NULL
        UNION ALL SELECT 2, 0, 'execution', version, count(*)::text FROM executions GROUP BY version
        UNION ALL SELECT 3, 0, 'work', extract(epoch FROM min(started))::text, extract(epoch FROM max(ended))::text
          FROM executions WHERE version = '@' HAVING count(*) > 0
        UNION ALL SELECT 4, 0, 'invalid', indexrelid::regclass::text, '' FROM pg_index WHERE NOT indisvalid
      ) found ORDER BY part, rank
      """;

  private final Kubectl kubectl;
  private final KubectlPlace place;
  private final FaultFleet fleet;

  EvidenceReader(Kubectl kubectl, KubectlPlace place, FaultFleet fleet) {
    this.kubectl = kubectl;
    this.place = place;
    this.fleet = fleet;
  }

  /** What is to be read about a run that brought this script. */
  FleetEvidence read(String name, int version) {
    String raw =
        kubectl.run(
            "get",
            "--raw",
            "/apis/fleetway.dev/v1alpha1/namespaces/%s/tenantmigrationruns/%s"
                .formatted(place.namespace(), name));
    Run run = run(Kubectl.parse(raw), raw.getBytes(StandardCharsets.UTF_8).length);
    List<JsonNode> maps = place.list("configmaps", "fleetway.dev/run-uid=" + run.uid());
    return new FleetEvidence(
        run,
        plan(maps),
        reports(maps),
        tenants(),
        databases(version),
        server(),
        jobs(run),
        livePods(),
        texts());
  }

  private static Run run(JsonNode run, int bytes) {
    JsonNode status = run.path("status");
    return new Run(
        run.at("/metadata/name").asText(),
        run.at("/metadata/uid").asText(),
        status.path("phase").asText(),
        status.path("attempt").asInt(),
        status.path("headVersion").asText(),
        counts(
            status.path("totals"),
            Stream.concat(Stream.of("tenants", "pending", "running"), OUTCOMES.stream()).toList()),
        status.path("cohortCount").asInt(),
        status.path("lastClosedCohort").asInt(),
        stream(status.path("cohorts"))
            .map(
                cohort ->
                    new Cohort(
                        cohort.path("number").asInt(),
                        cohort.path("size").asInt(),
                        cohort.path("state").asText(),
                        cohort.path("attempt").asInt(),
                        counts(cohort, OUTCOMES)))
            .toList(),
        stream(status.path("aborts"))
            .map(
                abort ->
                    new Abort(
                        abort.path("attempt").asInt(), Instant.parse(abort.path("time").asText())))
            .toList(),
        status.path("abortCount").asInt(),
        bytes,
        stream(run.at("/metadata/finalizers")).map(JsonNode::asText).toList());
  }

  private static Map<String, Integer> counts(JsonNode node, List<String> names) {
    Map<String, Integer> counts = new HashMap<>();
    names.forEach(name -> counts.put(name, node.path(name).asInt(-1)));
    return counts;
  }

  private static List<List<String>> plan(List<JsonNode> maps) {
    return maps.stream()
        .map(map -> map.at("/data/plan.json").asText())
        .filter(text -> !text.isEmpty())
        .map(Kubectl::parse)
        .sorted(Comparator.comparingInt(part -> part.path("part").asInt()))
        .flatMap(part -> stream(part.path("cohorts")))
        .map(cohort -> stream(cohort).map(tenant -> tenant.path("name").asText()).toList())
        .toList();
  }

  private static SortedMap<String, String> reports(List<JsonNode> maps) {
    SortedMap<String, String> outcomes = new TreeMap<>();
    maps.stream()
        .map(map -> map.at("/data/result.json").asText())
        .filter(text -> !text.isEmpty())
        .map(Kubectl::parse)
        .sorted(Comparator.comparingInt(report -> report.path("attempt").asInt()))
        .flatMap(report -> stream(report.path("tenants")))
        .forEach(
            tenant ->
                outcomes.put(tenant.path("tenant").asText(), tenant.path("outcome").asText()));
    return outcomes;
  }

  private SortedMap<String, TenantState> tenants() {
    SortedMap<String, TenantState> tenants = new TreeMap<>();
    for (JsonNode tenant : place.list("tenants", "")) {
      JsonNode status = tenant.path("status");
      JsonNode last = status.path("lastRun");
      tenants.put(
          tenant.at("/metadata/name").asText(),
          new TenantState(
              status.path("access").asText(),
              status.path("schemaVersion").asText(),
              last.path("uid").asText(),
              last.path("attempt").asInt(),
              last.path("cohort").asInt(),
              last.path("outcome").asText(),
              last.path("reason").asText()));
    }
    return tenants;
  }

  private SortedMap<String, Database> databases(int version) {
    List<List<List<String>>> rows =
        place.queryAll(fleet.databases(), DATABASE.replace("@", Integer.toString(version)));
    SortedMap<String, Database> databases = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      databases.put(fleet.tenants().get(i), database(rows.get(i)));
    }
    return databases;
  }

  private static Database database(List<List<String>> rows) {
    List<String> history = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    Map<String, Integer> executions = new TreeMap<>();
    List<String> invalid = new ArrayList<>();
    Work work = null;
    for (List<String> row : rows) {
      String value = row.get(1);
      switch (row.get(0)) {
        case "history" -> {
          history.add(value);
          if (!row.get(2).equals("true")) {
            failed.add(value);
          }
        }
        case "execution" -> executions.put(value, Integer.valueOf(row.get(2)));
        case "work" -> work = new Work(epoch(value), epoch(row.get(2)));
        default -> invalid.add(value);
      }
    }
    return new Database(history, failed, executions, work, invalid);
  }

  private static Instant epoch(String seconds) {
    return Instant.EPOCH.plusMillis(Math.round(Double.parseDouble(seconds) * 1000));
  }

  /**
   * Has everything come to rest that a run may leave for a moment: sessions whose client is gone,
   * pods that are ending, gates that are being opened?
   */
  boolean isSettled(String run) {
    Server server = server();
    return server.backends().isEmpty()
        && server.locks() == 0
        && livePods().isEmpty()
        && place
            .get("tenantmigrationruns", run)
            .orElseThrow()
            .at("/metadata/finalizers")
            .isMissingNode()
        && tenants().values().stream().allMatch(tenant -> tenant.access().equals("ReadWrite"));
  }

  private Server server() {
    List<List<String>> rows =
        place.query(
            "postgres",
            "SELECT datname FROM pg_stat_activity WHERE usename = '"
                + FaultFleet.LOGIN
                + "' UNION ALL SELECT '' FROM pg_locks WHERE locktype = 'advisory'");
    List<String> backends = rows.stream().map(row -> row.get(0)).filter(n -> !n.isEmpty()).toList();
    return new Server(backends, rows.size() - backends.size());
  }

  private List<Job> jobs(Run run) {
    return place
        .list("jobs", "fleetway.dev/run-uid=" + run.uid() + ",fleetway.dev/component=cohort")
        .stream()
        .map(
            job ->
                new Job(
                    job.at("/metadata/name").asText(),
                    job.at("/metadata/labels").path("fleetway.dev/cohort").asInt(),
                    job.at("/metadata/labels").path("fleetway.dev/attempt").asInt(),
                    Instant.parse(job.at("/metadata/creationTimestamp").asText()),
                    stream(job.at("/status/conditions"))
                        .map(condition -> condition.path("type").asText())
                        .anyMatch(type -> type.equals("Complete") || type.equals("Failed")),
                    job.at("/status/active").asInt()))
        .toList();
  }

  private List<String> livePods() {
    return place.list("pods", "fleetway.dev/run").stream()
        .filter(pod -> !List.of("Succeeded", "Failed").contains(pod.at("/status/phase").asText()))
        .map(pod -> pod.at("/metadata/name").asText())
        .toList();
  }

  private SortedMap<String, String> texts() {
    SortedMap<String, String> texts = new TreeMap<>();
    for (String kind : List.of("tmr", "tenants", "configmaps", "events", "jobs", "pods")) {
      texts.put(kind, kubectl.run("-n", place.namespace(), "get", kind, "-o", "json"));
    }
    for (String program : List.of("fleetway-operator", "fleetway-runner")) {
      // A container that is just being made has no log: that is an error of kubectl, and no
      // finding.
      texts.put(
          "logs of " + program,
          kubectl
              .tryRun(
                  Duration.ofMinutes(1),
                  "-n",
                  place.namespace(),
                  "logs",
                  "-l",
                  "app.kubernetes.io/name=" + program,
                  "--tail=-1",
                  "--max-log-requests=200")
              .output());
    }
    return texts;
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
