package dev.fleetway.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** What happens to a runner's pod, its Job, and the node under it. */
final class PodFaults {
  private static final Duration KUBELET_AWAY = Duration.ofSeconds(20);

  /**
   * Five processes of the container that keep 100 MB each: beside the runner more than its limit of
   * 512 MiB. The kernel takes the largest process, which is the runner.
   */
  private static final String HUNGER =
      "for i in 1 2 3 4 5; do head -c 100000000 /dev/zero | tail -n 1 | sleep 20 & done; wait";

  private PodFaults() {}

  static void deleted(FaultScene scene) {
    scene.inNamespace("delete", "pod", FaultScene.nameOf(scene.runnerPod()), "--wait=false");
  }

  static void killed(FaultScene scene) {
    scene.killer().kill(scene.runnerPod());
  }

  static void outOfMemory(FaultScene scene) {
    scene
        .kubectl()
        .tryRun(
            Duration.ofMinutes(1),
            "-n",
            scene.place().namespace(),
            "exec",
            FaultScene.nameOf(scene.runnerPod()),
            "--",
            "bash",
            "-c",
            HUNGER);
  }

  static void evicted(FaultScene scene) {
    String namespace = scene.place().namespace();
    String pod = FaultScene.nameOf(scene.runnerPod());
    scene
        .kubectl()
        .runWithInput(
            """
            {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "%s", "namespace": "%s"}}
            """
                .formatted(pod, namespace),
            "create",
            "--raw",
            "/api/v1/namespaces/%s/pods/%s/eviction".formatted(namespace, pod),
            "-f",
            "-");
  }

  static void jobDeleted(FaultScene scene) {
    scene.inNamespace(
        "delete",
        "jobs",
        "-l",
        "fleetway.dev/run=%s,fleetway.dev/cohort=2".formatted(scene.name()),
        "--wait=false");
  }

  /**
   * A pod stands still in the middle of its tenants and is given up: removed from the API by force,
   * as one does when a node is lost. The run is aborted and resumed. In the middle of the next
   * attempt the old pod comes back to life.
   */
  static void olderAttemptComesBack(FaultScene scene) {
    JsonNode pod = scene.runnerPod();
    scene.killer().signal("STOP", pod);
    scene.patchRun("{\"abort\":true}");
    scene.inNamespace("delete", "pod", FaultScene.nameOf(pod), "--grace-period=0", "--force");
    scene.awaitEnd(1);
    scene.patchRun("{\"attempt\":2,\"abort\":false}");
    scene.watch().awaitWorkIn(2, 2);
    scene.killer().signal("CONT", pod);
  }

  static void kubeletKilled(FaultScene scene) {
    scene.components().kill("kubelet");
    try {
      scene.last(KUBELET_AWAY);
    } finally {
      scene.components().start("kubelet");
    }
  }
}
