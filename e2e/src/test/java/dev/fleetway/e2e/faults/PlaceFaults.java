package dev.fleetway.e2e.faults;

import java.time.Duration;

/** What keeps the next pods from starting. */
final class PlaceFaults {
  private static final String OURS =
      "app.kubernetes.io/name in (fleetway-runner,fleetway-operator)";

  private static final String POLICY =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: fleetway-e2e-no-runners}
      spec:
        matchConstraints:
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: @NAMESPACE@}}
          resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
        validations:
          - expression: "!has(object.metadata.labels) || !('fleetway.dev/run' in object.metadata.labels)"
            message: no runners today
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: fleetway-e2e-no-runners}
      spec: {policyName: fleetway-e2e-no-runners, validationActions: [Deny]}
      """;

  private PlaceFaults() {}

  /** The database stays: another node would hold it. */
  static void nodeDrained(FaultScene scene) {
    String node = scene.runnerPod().at("/spec/nodeName").asText();
    try {
      scene
          .kubectl()
          .run(
              "drain",
              node,
              "--pod-selector=" + OURS,
              "--ignore-daemonsets",
              "--delete-emptydir-data",
              "--force",
              "--timeout=90s");
      scene.last(Duration.ofSeconds(5));
    } finally {
      scene.kubectl().run("uncordon", node);
    }
  }

  static void nodeCordoned(FaultScene scene) {
    String node = scene.runnerPod().at("/spec/nodeName").asText();
    try {
      scene.kubectl().run("cordon", node);
      scene.awaitReason("Unschedulable");
    } finally {
      scene.kubectl().run("uncordon", node);
    }
  }

  static void quotaExceeded(FaultScene scene) {
    scene.inNamespace("create", "quota", "no-more-pods", "--hard=pods=1");
    try {
      scene.awaitReason("QuotaExceeded");
    } finally {
      scene.inNamespace("delete", "quota", "no-more-pods");
    }
  }

  static void admissionRefused(FaultScene scene) {
    scene
        .kubectl()
        .runWithInput(
            POLICY.replace("@NAMESPACE@", scene.place().namespace()), "create", "-f", "-");
    try {
      scene.awaitReason("AdmissionRefused");
    } finally {
      scene
          .kubectl()
          .run(
              "delete",
              "validatingadmissionpolicy,validatingadmissionpolicybinding",
              "fleetway-e2e-no-runners");
    }
  }
}
