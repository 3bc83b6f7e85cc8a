package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;

/**
 * One kind of object that the endpoint serves.
 *
 * @param group API group, empty for the core group
 * @param version the one version served
 * @param plural name in URLs
 * @param singular name for kubectl
 * @param kind name in manifests
 * @param namespaced lives in a namespace
 * @param hasStatus has a status subresource
 * @param shortNames further names for kubectl
 * @param schema OpenAPI schema of a custom resource, else missing
 * @param columns printer columns after the name
 * @param selectableFields JSON paths that a field selector may use, beyond the names
 */
record ResourceType(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    boolean namespaced,
    boolean hasStatus,
    List<String> shortNames,
    JsonNode schema,
    List<PrinterColumn> columns,
    List<String> selectableFields) {

  ResourceType {
    shortNames = List.copyOf(shortNames);
    columns = List.copyOf(columns);
    selectableFields = List.copyOf(selectableFields);
  }

  /** A type without a schema, as Kubernetes itself brings them. */
  static ResourceType builtIn(
      String group, String version, String plural, String kind, boolean namespaced) {
    return new ResourceType(
        group,
        version,
        plural,
        kind.toLowerCase(java.util.Locale.ROOT),
        kind,
        namespaced,
        false,
        List.of(),
        MissingNode.getInstance(),
        List.of(PrinterColumn.AGE),
        List.of());
  }

  ResourceType shortName(String... names) {
    return new ResourceType(
        group,
        version,
        plural,
        singular,
        kind,
        namespaced,
        hasStatus,
        List.of(names),
        schema,
        columns,
        selectableFields);
  }

  ResourceType withStatus() {
    return new ResourceType(
        group,
        version,
        plural,
        singular,
        kind,
        namespaced,
        true,
        shortNames,
        schema,
        columns,
        selectableFields);
  }

  ResourceType printing(PrinterColumn... shown) {
    return new ResourceType(
        group,
        version,
        plural,
        singular,
        kind,
        namespaced,
        hasStatus,
        shortNames,
        schema,
        List.of(shown),
        selectableFields);
  }

  ResourceType selectable(String... paths) {
    return new ResourceType(
        group,
        version,
        plural,
        singular,
        kind,
        namespaced,
        hasStatus,
        shortNames,
        schema,
        columns,
        List.of(paths));
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** Path of the group and version below the server's root. */
  String groupPath() {
    return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
  }

  /** The name that API servers put into messages. */
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  boolean isCustom() {
    return !schema.isMissingNode();
  }

  /** Status lives on its own and spec changes count as generations. */
  boolean countsGenerations() {
    return hasStatus || isCustom();
  }
}
