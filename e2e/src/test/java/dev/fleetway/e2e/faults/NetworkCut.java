package dev.fleetway.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.Kubectl;
import dev.fleetway.e2e.cluster.PostgresPod;
import dev.fleetway.e2e.cluster.ProcessKiller;

/**
 * Cuts a pod off from the database: nftables in the pod's own network namespace drops, in both
 * directions and without a word, what belongs to the database's port. It takes a pod that may enter
 * the namespaces of others on its node, and the node's own {@code nft}.
 */
final class NetworkCut {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: cutter}
      spec:
        hostPID: true
        automountServiceAccountToken: false
        terminationGracePeriodSeconds: 0
        containers:
          - name: cutter
            image: @IMAGE@
            imagePullPolicy: IfNotPresent
            command: [sleep, "3600"]
            securityContext:
              runAsUser: 0
              seccompProfile: {type: Unconfined}
              capabilities: {add: [NET_ADMIN, SYS_ADMIN, SYS_CHROOT, SYS_PTRACE]}
      """;

  private static final String INSIDE =
      """
      for process in /proc/[0-9]*; do
        if grep -qs "$0" "$process/cgroup"; then
          export PATH="$PATH:/usr/sbin:/sbin"
          # whose file system is the node's
          for node in /proc/[0-9]*; do
            [[ $(cat "$node/comm" 2>/dev/null) != kubelet ]] || break
          done
          exec nsenter --mount="$node/ns/mnt" --net="$process/ns/net" -- nft "$1"
        fi
      done
      echo "no process of container $0 on this node" >&2
      exit 1
      """;

  private static final String CUT =
      """
      table inet fleetway_e2e {
        chain out { type filter hook output priority 0; tcp dport @PORT@ drop; }
        chain in { type filter hook input priority 0; tcp sport @PORT@ drop; }
      }
      """
          .replace("@PORT@", Integer.toString(PostgresPod.PORT));

  private final Kubectl kubectl;
  private final String namespace;

  NetworkCut(Kubectl kubectl, String scenarioNamespace) {
    this.kubectl = kubectl;
    this.namespace = scenarioNamespace + "-cutter";
  }

  /** Before it is needed: until its pod runs, a cohort may be through. */
  void prepare() {
    kubectl.run("create", "namespace", namespace);
    kubectl.runWithInput(
        POD.replace("@IMAGE@", PostgresPod.image()), "-n", namespace, "create", "-f", "-");
    kubectl.run("-n", namespace, "wait", "--for=condition=Ready", "--timeout=60s", "pod/cutter");
  }

  void cut(JsonNode pod) {
    nft(pod, CUT);
  }

  void mend(JsonNode pod) {
    nft(pod, "delete table inet fleetway_e2e");
  }

  private void nft(JsonNode pod, String command) {
    kubectl.run(
        "-n",
        namespace,
        "exec",
        "cutter",
        "--",
        "bash",
        "-c",
        INSIDE,
        ProcessKiller.container(pod),
        command);
  }

  void remove() {
    kubectl.run("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
  }
}
