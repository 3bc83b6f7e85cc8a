package dev.fleetway.e2e.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.Kubectl;
import dev.fleetway.e2e.cluster.KubectlPlace;
import dev.fleetway.e2e.cluster.PostgresPod;
import dev.fleetway.e2e.cluster.ProcessKiller;
import java.time.Duration;
import java.util.List;

/**
 * What a fault has at hand: the place, the run that is going, and the means to strike.
 *
 * @param kubectl the cluster
 * @param place the namespace of the fleet
 * @param fleet its tenants
 * @param killer signals for processes on the node
 * @param components the cluster's own programs
 * @param name the run
 * @param watch the run as it goes on
 */
record FaultScene(
    Kubectl kubectl,
    KubectlPlace place,
    FaultFleet fleet,
    ProcessKiller killer,
    ClusterComponents components,
    String name,
    RunWatch watch) {
  static final String KIND = "tenantmigrationruns";
  private static final String OPERATOR = "app.kubernetes.io/name=fleetway-operator";

  /** kubectl in the fleet's namespace. */
  String inNamespace(String... arguments) {
    String[] words = new String[arguments.length + 2];
    words[0] = "-n";
    words[1] = place.namespace();
    System.arraycopy(arguments, 0, words, 2, arguments.length);
    return kubectl.run(words);
  }

  /** Lets the fault, or what it left, last. */
  void last(Duration time) {
    await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
  }

  void awaitReason(String reason) {
    watch.awaitReason(reason, Duration.ofSeconds(90));
  }

  void patchRun(String spec) {
    place.mergePatch(KIND, name, "{\"spec\":" + spec + "}");
  }

  /** Until the attempt has ended, however. */
  void awaitEnd(int attempt) {
    await("the end of attempt " + attempt)
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> watch.endOf(attempt).isPresent());
  }

  /** The pod of the cohort at work. */
  JsonNode runnerPod() {
    return place
        .list("pods", "fleetway.dev/run=" + name + ",fleetway.dev/component=cohort")
        .stream()
        .filter(pod -> pod.at("/status/phase").asText().equals("Running"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no pod of " + name + " is at work"));
  }

  /** An operator that is ready; waits for one. */
  JsonNode operatorPod() {
    awaitOperators(1);
    return readyOperators().get(0);
  }

  void awaitOperators(int count) {
    await(count + " operators")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(300))
        .until(() -> readyOperators().size() == count);
  }

  List<JsonNode> readyOperators() {
    return place.list("pods", OPERATOR).stream()
        .filter(pod -> pod.at("/status/containerStatuses/0/ready").asBoolean())
        .filter(pod -> pod.at("/metadata/deletionTimestamp").isMissingNode())
        .toList();
  }

  static String nameOf(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  /** A shell in the database server's pod; it may go down under it. */
  void inDatabasePod(String script) {
    kubectl.tryRun(
        Duration.ofMinutes(1),
        "-n",
        place.namespace(),
        "exec",
        PostgresPod.NAME,
        "--",
        "bash",
        "-c",
        script);
  }

  void awaitDatabase() {
    await("the database server")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(300))
        .until(
            () ->
                kubectl
                    .tryRun(
                        Duration.ofSeconds(10),
                        "-n",
                        place.namespace(),
                        "exec",
                        PostgresPod.NAME,
                        "--",
                        "psql",
                        "-h",
                        "127.0.0.1",
                        "-U",
                        PostgresPod.USER,
                        "-c",
                        "SELECT 1")
                    .succeeded());
  }
}
