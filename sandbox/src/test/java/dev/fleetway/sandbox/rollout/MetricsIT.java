package dev.fleetway.sandbox.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import dev.fleetway.operator.metrics.FleetMetric;
import dev.fleetway.sandbox.api.ApiEndpoint;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Prometheus reads from a real operator while a run goes its way. */
class MetricsIT {
  private static final String NAMESPACE = "default";
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");

  private final ApiEndpoint api = ApiEndpoint.embedded();
  private final KubernetesClient client = api.newClient();
  private final PlayedRun run = new PlayedRun(client, NAMESPACE, "v2");
  private final Map<String, String> seen = new TreeMap<>();
  private FleetwayOperator operator;
  private int port;

  @BeforeEach
  void start() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    startOperator();
  }

  @AfterEach
  void stop() {
    operator.close();
    client.close();
    api.close();
  }

  private void startOperator() {
    operator =
        FleetwayOperator.start(
            client,
            new OperatorSettings(
                List.of(NAMESPACE), Runner.ofImage("runner"), false, null, 0, port, false));
  }

  @Test
  void aRunIsToldFromItsStartToItsDeletion() throws IOException {
    run.tenant("a", "", "pg-1", "a");
    run.tenant("b", "", "pg-1", "b");
    run.tenant("c", "", "pg-2", "c");
    run.start("rollout: {cohortSizes: [1, 2], stagger: 10m}\nexecution: {concurrency: 2}");
    run.inspected(List.of());
    Job first = run.awaitJob("c001-a1");
    untilTold("fleetway_server_concurrency{namespace=\"default\",server=\"pg-1:5432\"} 1.0");
    untilTold("fleetway_run_cohort_start_timestamp_seconds{namespace=\"default\",run=\"v2\"}");
    untilTold("fleetway_tenants_drifted{cause=\"unseen\",namespace=\"default\"} 3.0");
    Pod pod = run.cannotPull(first);
    untilTold(
        "fleetway_run_blocked{namespace=\"default\",reason=\"ImagePullFailed\",run=\"v2\"} 1.0");
    client.resource(pod).delete();
    run.outcome(run.assignment(first), "a", Outcome.Failed, TenantReason.ConstraintViolation);
    run.end(first, false);
    untilTold(
        "fleetway_run_stalled{namespace=\"default\",reason=\"AbortRateExceeded\",run=\"v2\"} 1.0");
    untilTold(failed(1));

    operator.close();
    startOperator();
    untilTold("fleetway_run_tenants{namespace=\"default\",run=\"v2\",state=\"failed\"} 1.0");
    assertThat(told().text())
        .as("what the process before it counted")
        .doesNotContain("fleetway_tenant_outcomes_total{")
        .doesNotContain("fleetway_runs_ended_total{");

    run.change("{\"spec\":{\"attempt\":2}}");
    Job again = run.awaitJob("c001-a2");
    run.outcome(run.assignment(again), "a", Outcome.Succeeded, null);
    run.end(again, true);
    untilTold("fleetway_run_cohorts_closed{namespace=\"default\",run=\"v2\"} 1.0");
    untilTold("fleetway_run_remaining_seconds{namespace=\"default\",run=\"v2\"}");
    assertThat(told().text())
        .containsPattern("fleetway_tenant_outcomes_total\\{[^}]*outcome=\"Succeeded\"[^}]*} 1.0\n")
        .doesNotContain("outcome=\"Failed\",reason=\"ConstraintViolation\"} 1.0\n")
        .contains(
            "fleetway_cohort_duration_seconds_count{namespace=\"default\",state=\"closed\"} 1");

    assertThat(seen.keySet())
        .containsAll(Arrays.stream(FleetMetric.values()).map(FleetMetric::exposedName).toList());
    thePageIsRightAboutAll();

    run.delete();
    await("v2 is gone").until(() -> told().text(), text -> !text.contains("run=\"v2\""));
    assertThat(told().text()).contains("fleetway_tenants{").contains("fleetway_leader 1.0");
  }

  /** Each metric that was seen is on the page, with its type and its labels. */
  private void thePageIsRightAboutAll() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| ([^|]*) \\|")
        .matcher(Files.readString(PAGE))
        .results()
        .forEach(
            row ->
                documented.put(
                    row.group(1),
                    row.group(2)
                        + " "
                        + new TreeSet<>(
                            List.of(row.group(3).replace("`", "").strip().split(", *", -1)))));
    Map<String, String> exposed = new TreeMap<>(seen);
    exposed.keySet().removeIf(name -> name.matches("(jvm|process|system)_.*"));
    exposed
        .keySet()
        .removeIf(
            name -> exposed.containsKey(name.replaceFirst("_max$", "")) && name.endsWith("_max"));
    assertThat(documented).containsAllEntriesOf(exposed);
    documented.keySet().removeAll(exposed.keySet());
    assertThat(documented.keySet())
        .as("documented, not exposed")
        .allMatch(name -> name.matches(".*(failure|failed)_total"));
  }

  private static String failed(int count) {
    return "fleetway_tenant_outcomes_total{namespace=\"default\",outcome=\"Failed\",reason=\"ConstraintViolation\"} %d.0"
        .formatted(count);
  }

  private Exposition told() {
    Exposition exposition = Exposition.read(port);
    exposition.describe().forEach(seen::putIfAbsent);
    return exposition;
  }

  private void untilTold(String line) {
    await(line).until(() -> told().text(), text -> text.contains(line));
  }
}
