package dev.fleetway.e2e.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** What happens to the operator, and to the API that it works on. */
final class OperatorFaults {
  private static final int DEATHS = 10;
  private static final Duration AWAY = Duration.ofSeconds(10);

  private OperatorFaults() {}

  /**
   * SIGKILL; then its pod goes, or the kubelet would let each restart wait longer. Each successor
   * gets on with the run before it dies.
   */
  static void killedTenTimes(FaultScene scene) {
    for (int death = 1; death <= DEATHS; death++) {
      JsonNode pod = scene.operatorPod();
      scene.killer().kill(pod);
      remove(scene, pod);
      JsonNode stand = scene.watch().newest();
      await("death %d: progress".formatted(death))
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> !scene.watch().newest().equals(stand));
    }
  }

  static void secondReplica(FaultScene scene) {
    scene.inNamespace("scale", "deployment/fleetway-operator", "--replicas=2");
    scene.awaitOperators(2);
  }

  static void oneReplica(FaultScene scene) {
    scene.inNamespace("scale", "deployment/fleetway-operator", "--replicas=1");
    scene.awaitOperators(1);
  }

  /** The one that holds the lease dies; the other one takes it. */
  static void leaderKilled(FaultScene scene) {
    String leader = holder(scene);
    JsonNode pod =
        scene.readyOperators().stream()
            .filter(operator -> leader.startsWith(FaultScene.nameOf(operator)))
            .findFirst()
            .orElseThrow();
    scene.killer().kill(pod);
    remove(scene, pod);
    await("another leader")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(300))
        .until(() -> !holder(scene).equals(leader));
  }

  private static String holder(FaultScene scene) {
    return scene.inNamespace(
        "get", "lease", "fleetway-operator", "-o", "jsonpath={.spec.holderIdentity}");
  }

  private static void remove(FaultScene scene, JsonNode pod) {
    scene.inNamespace("delete", "pod", FaultScene.nameOf(pod), "--grace-period=0", "--force");
  }

  static void apiServerKilled(FaultScene scene) {
    componentKilled(scene, "kube-apiserver");
  }

  static void etcdKilled(FaultScene scene) {
    componentKilled(scene, "etcd");
  }

  private static void componentKilled(FaultScene scene, String component) {
    scene.components().kill(component);
    try {
      scene.last(AWAY);
    } finally {
      scene.components().start(component);
    }
    scene.components().awaitApi();
  }
}
