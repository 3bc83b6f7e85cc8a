package dev.fleetway.api.crd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Arrays;
import java.util.List;

/** An object as a person writes it, free to be wrong in any place. */
final class Manifest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ObjectNode content;

  private Manifest(ObjectNode content) {
    this.content = content;
  }

  /** A tenant with what is required and nothing else. */
  static Manifest tenant(String name) {
    return parse(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: Tenant
        metadata: {name: %s}
        spec:
          database: {host: pg-1.db.svc, name: acme, credentialsSecretRef: {name: acme-db}}
        """
            .formatted(name));
  }

  /** A run with what is required and nothing else. */
  static Manifest run(String name) {
    return parse(
        """
        apiVersion: fleetway.dev/v1alpha1
        kind: TenantMigrationRun
        metadata: {name: %s}
        spec:
          migrations: {configMapRefs: [{name: acme-migrations}]}
        """
            .formatted(name));
  }

  private static Manifest parse(String yaml) {
    return new Manifest((ObjectNode) yaml(yaml));
  }

  /** The same with one field set, such as {@code spec.database.host}; objects are created. */
  Manifest with(String path, Object value) {
    ObjectNode copy = content.deepCopy();
    List<String> names = Arrays.asList(path.split("\\.", -1));
    ObjectNode parent = copy;
    for (String name : names.subList(0, names.size() - 1)) {
      parent = parent.withObjectProperty(name);
    }
    parent.set(names.get(names.size() - 1), JSON.valueToTree(value));
    return new Manifest(copy);
  }

  /** The same with one field set to a YAML value. */
  Manifest withYaml(String path, String yaml) {
    return with(path, yaml(yaml));
  }

  /** A YAML text as a tree; Fabric8's own reader takes flow style for JSON. */
  static JsonNode yaml(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** As JSON, which is YAML, too. */
  @Override
  public String toString() {
    return content.toString();
  }

  GenericKubernetesResource build() {
    return JSON.convertValue(content, GenericKubernetesResource.class);
  }
}
