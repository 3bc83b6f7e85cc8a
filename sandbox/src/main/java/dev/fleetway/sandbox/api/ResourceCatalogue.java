package dev.fleetway.sandbox.api;

import static dev.fleetway.sandbox.api.PrinterColumn.AGE;
import static dev.fleetway.sandbox.api.PrinterColumn.text;
import static dev.fleetway.sandbox.api.ResourceType.builtIn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The types that are served: a few of Kubernetes' own, and those of the CRDs that were created. */
final class ResourceCatalogue {
  static final ResourceType NAMESPACES =
      builtIn("", "v1", "namespaces", "Namespace", false)
          .withStatus()
          .shortName("ns")
          .printing(text("Status", ".status.phase"), AGE);
  static final ResourceType CRDS =
      builtIn(
              "apiextensions.k8s.io",
              "v1",
              "customresourcedefinitions",
              "CustomResourceDefinition",
              false)
          .withStatus()
          .shortName("crd", "crds")
          .printing(text("Created At", ".metadata.creationTimestamp"));
  static final ResourceType EVENTS =
      builtIn("", "v1", "events", "Event", true)
          .shortName("ev")
          .selectable(
              ".involvedObject.kind",
              ".involvedObject.name",
              ".involvedObject.namespace",
              ".involvedObject.uid",
              ".involvedObject.apiVersion",
              ".involvedObject.fieldPath",
              ".reason",
              ".type")
          .printing(
              PrinterColumn.of("Last Seen", "date", 0, ".lastTimestamp"),
              text("Type", ".type"),
              text("Reason", ".reason"),
              text("Object", ".involvedObject.name"),
              text("Message", ".message"));

  private static final List<ResourceType> BUILT_IN =
      List.of(
          NAMESPACES,
          CRDS,
          EVENTS,
          builtIn("", "v1", "pods", "Pod", true)
              .withStatus()
              .shortName("po")
              .selectable(".status.phase", ".spec.nodeName")
              .printing(
                  text("Status", ".status.phase"),
                  text("Reason", ".status.containerStatuses[0].state.*.reason"),
                  AGE),
          builtIn("", "v1", "configmaps", "ConfigMap", true).shortName("cm"),
          builtIn("", "v1", "secrets", "Secret", true)
              .selectable(".type")
              .printing(text("Type", ".type"), AGE),
          builtIn("", "v1", "serviceaccounts", "ServiceAccount", true).shortName("sa"),
          builtIn("", "v1", "services", "Service", true).withStatus().shortName("svc"),
          builtIn("", "v1", "nodes", "Node", false).withStatus().shortName("no"),
          builtIn("batch", "v1", "jobs", "Job", true)
              .withStatus()
              .selectable(".status.successful")
              .printing(
                  text("Status", ".status.conditions[-1:].type"),
                  text("Completed", ".status.completedIndexes"),
                  text("Reason", ".status.conditions[-1:].reason"),
                  AGE),
          builtIn("apps", "v1", "deployments", "Deployment", true).withStatus().shortName("deploy"),
          builtIn("coordination.k8s.io", "v1", "leases", "Lease", true)
              .printing(text("Holder", ".spec.holderIdentity"), AGE),
          builtIn("rbac.authorization.k8s.io", "v1", "roles", "Role", true),
          builtIn("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true),
          builtIn("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false),
          builtIn(
              "rbac.authorization.k8s.io",
              "v1",
              "clusterrolebindings",
              "ClusterRoleBinding",
              false));

  private final Map<String, ResourceType> byPath = new LinkedHashMap<>();

  ResourceCatalogue() {
    BUILT_IN.forEach(this::add);
  }

  private void add(ResourceType type) {
    byPath.put(type.groupPath() + "/" + type.plural(), type);
  }

  /** Serves the versions of a CustomResourceDefinition from now on. */
  void define(JsonNode crd) {
    JsonNode spec = crd.path("spec");
    JsonNode names = spec.path("names");
    for (JsonNode version : spec.path("versions")) {
      List<PrinterColumn> columns = new ArrayList<>();
      version
          .path("additionalPrinterColumns")
          .forEach(column -> columns.add(PrinterColumn.ofDefinition(column)));
      add(
          new ResourceType(
              spec.path("group").asText(),
              version.path("name").asText(),
              names.path("plural").asText(),
              names.path("singular").asText(),
              names.path("kind").asText(),
              spec.path("scope").asText().equals("Namespaced"),
              version.path("subresources").has("status"),
              texts(names.path("shortNames"), ""),
              version.path("schema").path("openAPIV3Schema"),
              columns.isEmpty() ? List.of(AGE) : columns,
              texts(version.path("selectableFields"), "jsonPath")));
    }
  }

  private static List<String> texts(JsonNode array, String member) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(item -> member.isEmpty() ? item.asText() : item.path(member).asText())
        .toList();
  }

  Optional<ResourceType> find(String groupPath, String plural) {
    return Optional.ofNullable(byPath.get(groupPath + "/" + plural));
  }

  Collection<ResourceType> all() {
    return List.copyOf(byPath.values());
  }

  List<ResourceType> inGroup(String groupPath) {
    return all().stream().filter(type -> type.groupPath().equals(groupPath)).toList();
  }
}
