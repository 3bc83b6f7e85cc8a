package dev.fleetway.runner.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.runner.outcome.TenantApi;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tenants in memory; patches apply as the API server applies them, and are kept. */
public final class RecordingTenantApi implements TenantApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, ObjectNode> tenants = new ConcurrentHashMap<>();
  private final List<String> patches = new ArrayList<>();
  private final List<Integer> failures = new ArrayList<>();

  public void put(Tenant tenant) {
    ObjectNode json = JSON.valueToTree(tenant);
    ((ObjectNode) json.get("metadata")).put("resourceVersion", "1");
    tenants.put(tenant.getMetadata().getName(), json);
  }

  public void delete(String name) {
    tenants.remove(name);
  }

  /** The next patches are answered with these HTTP status codes instead of being applied. */
  public synchronized void failPatches(Integer... codes) {
    failures.addAll(List.of(codes));
  }

  /** All patches that were applied. */
  public synchronized List<String> patches() {
    return List.copyOf(patches);
  }

  public Tenant get(String name) {
    return find(name).orElseThrow();
  }

  public LastRun lastRun(String name) {
    return get(name).getStatus().lastRun();
  }

  @Override
  public Optional<Tenant> find(String name) {
    return Optional.ofNullable(tenants.get(name)).map(RecordingTenantApi::tenant);
  }

  @Override
  public synchronized void patchStatus(String name, String jsonPatch) {
    if (!failures.isEmpty()) {
      throw new ApiException(failures.remove(0), null);
    }
    ObjectNode tenant = tenants.get(name);
    if (tenant == null) {
      throw new ApiException(404, null);
    }
    try {
      JsonNode patched = JsonPatch.apply(JSON.readTree(jsonPatch), tenant);
      ObjectNode metadata = (ObjectNode) patched.get("metadata");
      metadata.put("resourceVersion", metadata.get("resourceVersion").asInt() + 1 + "");
      tenants.put(name, (ObjectNode) patched);
    } catch (JsonProcessingException | RuntimeException e) {
      throw new ApiException(422, e);
    }
    patches.add(jsonPatch);
  }

  private static Tenant tenant(JsonNode json) {
    try {
      return JSON.treeToValue(json, Tenant.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
