package dev.fleetway.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.operator.model.JsonPatch;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.observe.RunObserver;
import dev.fleetway.operator.observe.StoredObjects;
import dev.fleetway.operator.tenant.Gates;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The stored objects of one namespace, and what the operator's writes do to them. */
final class StoredCluster implements StoredObjects {
  private final Map<String, HasMetadata> objects = new TreeMap<>();
  private final List<String> created = new ArrayList<>();
  private int versions = 100;

  StoredCluster(Collection<? extends HasMetadata> stored) {
    stored.forEach(this::put);
  }

  private static String key(String kind, String name) {
    return kind + "/" + name;
  }

  /** As it is, but for the version that the API server gives. */
  void put(HasMetadata object) {
    object.getMetadata().setResourceVersion(Integer.toString(++versions));
    objects.put(key(object.getKind(), object.getMetadata().getName()), object);
  }

  void remove(String kind, String name) {
    objects.remove(key(kind, name));
  }

  /** By kind and name. */
  List<HasMetadata> all() {
    return List.copyOf(objects.values());
  }

  <R extends HasMetadata> List<R> all(Class<R> type) {
    return objects.values().stream().filter(type::isInstance).map(type::cast).toList();
  }

  <R extends HasMetadata> Optional<R> find(Class<R> type, String name) {
    return all(type).stream()
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst();
  }

  /** The one that is reconciled: the last by name. */
  TenantMigrationRun run() {
    List<TenantMigrationRun> runs = all(TenantMigrationRun.class);
    return runs.get(runs.size() - 1);
  }

  /** What the operator created since the cluster was set up. */
  List<String> created() {
    return created;
  }

  /** One turn of the operator, with all its writes, and the tenant controller behind it. */
  OperatorTurn turn(Instant now) {
    OperatorTurn turn = OperatorTurn.of(this, now);
    turn.writes().outcomes().forEach(this::patch);
    turn.writes().created().forEach(object -> create(object, now));
    turn.writes().deletedJob().ifPresent(job -> remove("Job", job));
    turn.writes().endedJob().ifPresent(patch -> end(turn.endedJob()));
    TenantMigrationRun run = Serialization.clone(run());
    run.setStatus(turn.status());
    switch (turn.finalizer()) {
      case "taken" -> run.getMetadata().setFinalizers(List.of(RunNames.FINALIZER));
      case "released" -> {
        if (accessToCome().isEmpty()) {
          run.getMetadata().setFinalizers(List.of());
        }
      }
      default -> {}
    }
    put(run);
    return turn;
  }

  private void create(HasMetadata object, Instant now) {
    String key = key(object.getKind(), object.getMetadata().getName());
    if (!objects.containsKey(key)) {
      HasMetadata stored = Serialization.clone(object);
      stored.getMetadata().setCreationTimestamp(now.toString());
      stored.getMetadata().setUid("%08x-1111-4000-8000-000000000000".formatted(key.hashCode()));
      put(stored);
      created.add(key);
    }
  }

  private void end(String job) {
    Job ended = Serialization.clone(find(Job.class, job).orElseThrow());
    ended.getSpec().setActiveDeadlineSeconds(1L);
    put(ended);
  }

  private void patch(String tenant, JsonPatch patch) {
    ObjectNode document =
        (ObjectNode) Manifests.tree(Serialization.asJson(find(Tenant.class, tenant).orElseThrow()));
    for (JsonNode operation : Manifests.tree(patch.json())) {
      String path = operation.get("path").asText();
      if (operation.get("op").asText().equals("add")) {
        int last = path.lastIndexOf('/');
        ((ObjectNode) document.at(path.substring(0, last)))
            .set(path.substring(last + 1), operation.get("value"));
      }
    }
    put(Serialization.unmarshal(document.toString(), Tenant.class));
  }

  /** What the tenant controller would write now. */
  Map<String, Access> accessToCome() {
    Gates gates = new Gates(() -> new RunObserver(this).gatesInForce(List.of()));
    Map<String, Access> changes = new TreeMap<>();
    for (Tenant tenant : all(Tenant.class)) {
      Access wanted = gates.derive(tenant);
      Access now = tenant.getStatus() == null ? null : tenant.getStatus().access();
      if (wanted != now) {
        changes.put(tenant.getMetadata().getName(), wanted);
      }
    }
    return changes;
  }

  /** It does. */
  void accessFollows() {
    accessToCome()
        .forEach(
            (name, access) -> {
              Tenant tenant = Serialization.clone(find(Tenant.class, name).orElseThrow());
              TenantStatus old = tenant.getStatus();
              tenant.setStatus(
                  old == null
                      ? new TenantStatus(
                          tenant.getMetadata().getGeneration(),
                          null,
                          null,
                          access,
                          null,
                          null,
                          null)
                      : new TenantStatus(
                          tenant.getMetadata().getGeneration(),
                          old.schemaVersion(),
                          old.minCompatibleCodeVersion(),
                          access,
                          old.lastRun(),
                          old.lastPlan(),
                          old.conditions()));
              put(tenant);
            });
  }

  @Override
  public Optional<Tenant> tenant(String namespace, String name) {
    return find(Tenant.class, name);
  }

  @Override
  public <T> List<T> tenants(String namespace, Function<Tenant, T> wanted) {
    return all(Tenant.class).stream().map(wanted).toList();
  }

  @Override
  public <T> List<T> runs(
      List<String> namespaces, Function<TenantMigrationRun, Optional<T>> wanted) {
    return all(TenantMigrationRun.class).stream().map(wanted).flatMap(Optional::stream).toList();
  }

  @Override
  public boolean isNamespaceGoing(String namespace) {
    return false;
  }

  @Override
  public Optional<ConfigMap> configMap(String namespace, String name) {
    return find(ConfigMap.class, name);
  }

  @Override
  public Optional<Job> job(String namespace, String name) {
    return find(Job.class, name);
  }

  @Override
  public List<Pod> pods(String namespace, String label, String value) {
    return all(Pod.class).stream()
        .filter(pod -> value.equals(pod.getMetadata().getLabels().get(label)))
        .toList();
  }

  @Override
  public List<Pod> podsAtWork(String namespace, String label, String value) {
    return pods(namespace, label, value).stream()
        .filter(pod -> !List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()))
        .toList();
  }

  @Override
  public List<Event> events(HasMetadata about) {
    return all(Event.class).stream()
        .filter(
            event ->
                Objects.equals(event.getInvolvedObject().getUid(), about.getMetadata().getUid()))
        .toList();
  }
}
