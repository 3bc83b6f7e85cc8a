package dev.fleetway.e2e.faults;

import static org.awaitility.Awaitility.await;

import dev.fleetway.e2e.cluster.Kubectl;
import dev.fleetway.e2e.tool.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The cluster's own programs (etcd, kube-apiserver, kubelet), stopped and started by the command
 * that {@code FLEETWAY_CLUSTER} names: {@code start COMPONENT}, {@code stop COMPONENT [SIGNAL]}.
 */
final class ClusterComponents {
  static final String VARIABLE = "FLEETWAY_CLUSTER";

  private final Kubectl kubectl;

  ClusterComponents(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  static boolean canBeStopped() {
    String command = System.getenv(VARIABLE);
    return command != null && !command.isBlank();
  }

  /** SIGKILL; the component stays away until it is started. */
  void kill(String component) {
    call("stop", component, "KILL");
  }

  void start(String component) {
    call("start", component);
  }

  /** Until the API server is there for requests, and for what takes part in them. */
  void awaitApi() {
    await("the API server")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(300))
        .until(() -> kubectl.tryRun(Duration.ofSeconds(5), "get", "--raw", "/readyz").succeeded());
  }

  private static void call(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getenv(VARIABLE));
    command.addAll(List.of(arguments));
    new Command(Map.of()).run(Duration.ofMinutes(1), "", command);
  }
}
