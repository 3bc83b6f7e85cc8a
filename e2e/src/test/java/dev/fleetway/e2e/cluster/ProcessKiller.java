package dev.fleetway.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Sends SIGKILL to the processes of a pod, from the node: inside the container process 1 is immune,
 * and a pod deleted with force still gets SIGTERM first. Needs no more than CAP_KILL and the node's
 * process ids, in a namespace of its own that allows those.
 */
public final class ProcessKiller implements AutoCloseable {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: killer}
      spec:
        hostPID: true
        automountServiceAccountToken: false
        terminationGracePeriodSeconds: 0
        containers:
          - name: killer
            image: @IMAGE@
            imagePullPolicy: IfNotPresent
            command: [sleep, "3600"]
            securityContext:
              {runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [KILL]}}
      """;

  private static final String KILL =
      """
      killed=0
      for process in /proc/[0-9]*; do
        if grep -qs "$0" "$process/cgroup"; then
          kill "-$1" "${process#/proc/}" && killed=$((killed + 1))
        fi
      done
      echo "$killed"
      """;

  private final Kubectl kubectl;
  private final String namespace;

  public ProcessKiller(Kubectl kubectl, String scenarioNamespace) {
    this.kubectl = kubectl;
    this.namespace = scenarioNamespace + "-killer";
    kubectl.run("create", "namespace", namespace);
    kubectl.runWithInput(
        POD.replace("@IMAGE@", PostgresPod.image()), "-n", namespace, "create", "-f", "-");
    kubectl.run("-n", namespace, "wait", "--for=condition=Ready", "--timeout=60s", "pod/killer");
  }

  /** Kills what runs in the first container of the pod; returns how many processes that were. */
  public int kill(JsonNode pod) {
    return signal("KILL", pod);
  }

  /** Sends any signal, such as STOP or CONT, also when the API no longer knows the pod. */
  public int signal(String signal, JsonNode pod) {
    return Integer.parseInt(
        kubectl
            .run(
                "-n", namespace, "exec", "killer", "--", "bash", "-c", KILL, container(pod), signal)
            .strip());
  }

  /** The id of the pod's first container, as its processes' control groups have it. */
  public static String container(JsonNode pod) {
    String reference = pod.at("/status/containerStatuses/0/containerID").asText();
    String container = reference.substring(reference.lastIndexOf('/') + 1);
    if (!container.matches("[0-9a-f]{64}")) {
      throw new IllegalStateException("the pod has no running container: " + reference);
    }
    return container;
  }

  @Override
  public void close() {
    kubectl.run("delete", "namespace", namespace, "--wait=false");
  }
}
