package dev.fleetway.sandbox.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.postgres.TenantServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A sandbox as a place for scenarios. */
public final class SandboxPlace implements FleetPlace {
  private static final Map<String, List<String>> KINDS =
      Map.of(
          "tenants", List.of("fleetway.dev/v1alpha1", "Tenant"),
          "tenantmigrationruns", List.of("fleetway.dev/v1alpha1", "TenantMigrationRun"),
          "jobs", List.of("batch/v1", "Job"),
          "pods", List.of("v1", "Pod"),
          "configmaps", List.of("v1", "ConfigMap"),
          "secrets", List.of("v1", "Secret"),
          "events", List.of("v1", "Event"));

  private final Sandbox sandbox;
  private final FleetShape shape;

  public SandboxPlace(Sandbox sandbox, FleetShape shape) {
    this.sandbox = sandbox;
    this.shape = shape;
  }

  @Override
  public String namespace() {
    return sandbox.namespace();
  }

  @Override
  public FleetShape shape() {
    return shape;
  }

  @Override
  public Server server() {
    TenantServer postgres = sandbox.postgres();
    return new Server(
        postgres.host(), "localhost", postgres.port(), TenantServer.USER, postgres.password());
  }

  private NonNamespaceOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>>
      objects(String kind) {
    List<String> type = KINDS.get(kind);
    return sandbox
        .client()
        .genericKubernetesResources(type.get(0), type.get(1))
        .inNamespace(namespace());
  }

  @Override
  public void apply(String yaml) {
    List<HasMetadata> items =
        sandbox
            .client()
            .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
            .items();
    try {
      for (HasMetadata item : items) {
        sandbox.client().resource(item).inNamespace(namespace()).forceConflicts().serverSideApply();
      }
    } catch (KubernetesClientException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public void mergePatch(String kind, String name, String json) {
    try {
      objects(kind).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), json);
    } catch (KubernetesClientException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public void delete(String kind, String name) {
    Resource<GenericKubernetesResource> object = objects(kind).withName(name);
    object.delete();
    object.waitUntilCondition(gone -> gone == null, 1, TimeUnit.MINUTES);
  }

  @Override
  public boolean awaitCondition(String kind, String name, String condition, Duration timeout) {
    try {
      objects(kind)
          .withName(name)
          .waitUntilCondition(
              object -> object != null && isTrue(json(object), condition),
              timeout.toMillis(),
              TimeUnit.MILLISECONDS);
      return true;
    } catch (KubernetesClientTimeoutException e) {
      return false;
    }
  }

  private static boolean isTrue(JsonNode object, String type) {
    long generation = object.at("/metadata/generation").asLong();
    for (JsonNode condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals("True")
            && condition.path("observedGeneration").asLong(generation) >= generation;
      }
    }
    return false;
  }

  private JsonNode json(Object object) {
    return sandbox.client().getKubernetesSerialization().convertValue(object, JsonNode.class);
  }

  @Override
  public Optional<JsonNode> get(String kind, String name) {
    return Optional.ofNullable(objects(kind).withName(name).get()).map(this::json);
  }

  @Override
  public List<JsonNode> list(String kind, String selector) {
    var filtered =
        sandbox
            .client()
            .genericKubernetesResources(KINDS.get(kind).get(0), KINDS.get(kind).get(1))
            .inNamespace(namespace())
            .withLabelSelector(selector);
    return filtered.list().getItems().stream().map(this::json).toList();
  }

  @Override
  public void execute(String database, String sql) {
    sandbox.postgres().execute(database, sql);
  }

  @Override
  public void executeAll(List<String> databases, String sql) {
    sandbox
        .postgres()
        .forEach(
            databases,
            database -> {
              execute(database, sql);
              return true;
            });
  }

  @Override
  public List<List<String>> query(String database, String sql) {
    return sandbox.postgres().query(database, sql);
  }

  @Override
  public List<List<List<String>>> queryAll(List<String> databases, String sql) {
    return sandbox.postgres().forEach(databases, database -> query(database, sql));
  }
}
