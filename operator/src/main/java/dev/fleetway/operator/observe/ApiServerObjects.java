package dev.fleetway.operator.observe;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Asks the API server, page by page where there may be many. */
final class ApiServerObjects implements StoredObjects {
  private static final long TENANTS_PER_PAGE = 500;

  /** Runs are never cleaned up, and each may be 100 KiB. */
  private static final long RUNS_PER_PAGE = 50;

  private final KubernetesClient client;

  ApiServerObjects(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Tenant> tenant(String namespace, String name) {
    return Optional.ofNullable(
        client.resources(Tenant.class).inNamespace(namespace).withName(name).get());
  }

  @Override
  public <T> List<T> tenants(String namespace, Function<Tenant, T> wanted) {
    List<T> found = new ArrayList<>();
    read(
        client.resources(Tenant.class).inNamespace(namespace),
        TENANTS_PER_PAGE,
        tenant -> found.add(wanted.apply(tenant)));
    return found;
  }

  @Override
  public <T> List<T> runs(
      List<String> namespaces, Function<TenantMigrationRun, Optional<T>> wanted) {
    var runs = client.resources(TenantMigrationRun.class);
    List<T> found = new ArrayList<>();
    Consumer<TenantMigrationRun> keep = run -> wanted.apply(run).ifPresent(found::add);
    if (namespaces.isEmpty()) {
      read(runs.inAnyNamespace(), RUNS_PER_PAGE, keep);
    }
    namespaces.forEach(namespace -> read(runs.inNamespace(namespace), RUNS_PER_PAGE, keep));
    return found;
  }

  private static <R extends HasMetadata> void read(
      Listable<? extends KubernetesResourceList<R>> all, long perPage, Consumer<R> each) {
    String page = null;
    do {
      var list = all.list(new ListOptionsBuilder().withLimit(perPage).withContinue(page).build());
      list.getItems().forEach(each);
      page = list.getMetadata().getContinue();
    } while (page != null && !page.isEmpty());
  }

  @Override
  public boolean isNamespaceGoing(String namespace) {
    try {
      Namespace found = client.namespaces().withName(namespace).get();
      return found != null && found.getMetadata().getDeletionTimestamp() != null;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Optional<ConfigMap> configMap(String namespace, String name) {
    return Optional.ofNullable(client.configMaps().inNamespace(namespace).withName(name).get());
  }

  @Override
  public Optional<Job> job(String namespace, String name) {
    return Optional.ofNullable(
        client.batch().v1().jobs().inNamespace(namespace).withName(name).get());
  }

  @Override
  public List<Pod> pods(String namespace, String label, String value) {
    return client.pods().inNamespace(namespace).withLabel(label, value).list().getItems();
  }

  @Override
  public List<Pod> podsAtWork(String namespace, String label, String value) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel(label, value)
        .withoutField("status.phase", "Succeeded")
        .withoutField("status.phase", "Failed")
        .list()
        .getItems();
  }

  @Override
  public List<Event> events(HasMetadata about) {
    return client
        .v1()
        .events()
        .inNamespace(about.getMetadata().getNamespace())
        .withField("involvedObject.uid", about.getMetadata().getUid())
        .list()
        .getItems();
  }
}
