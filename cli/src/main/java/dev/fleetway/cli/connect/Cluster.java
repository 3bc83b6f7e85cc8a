package dev.fleetway.cli.connect;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.exit.CommandFailure;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** One fleet: a namespace of a cluster. Every refusal is a {@link CommandFailure} of one line. */
public final class Cluster implements AutoCloseable {
  private static final long PAGE = 500;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  private final KubernetesClient client;
  private final ApiErrors errors;

  private Cluster(KubernetesClient client, ApiErrors errors) {
    this.client = client;
    this.errors = errors;
  }

  /** Finds the configuration; nothing is sent yet. */
  public static Cluster open(GlobalOptions options) {
    ClusterConfig config = ClusterConfig.of(options);
    // Looking for every type of Kubernetes by name would take half of the start.
    KubernetesSerialization types = new KubernetesSerialization(new ObjectMapper(), false);
    return new Cluster(
        new KubernetesClientBuilder()
            .withConfig(config.client())
            .withKubernetesSerialization(types)
            .build(),
        new ApiErrors(config));
  }

  /** Where the fleet lives. */
  public String namespace() {
    String namespace = client.getNamespace();
    return namespace == null ? "default" : namespace;
  }

  /** The client itself, for use inside {@link #ask}. */
  public KubernetesClient client() {
    return client;
  }

  /** Does something with the cluster; what it refuses becomes one clear line. */
  public <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (KubernetesClientException e) {
      throw errors.explain(e);
    }
  }

  /** The run with this name, or a failure that names what comes near. */
  public TenantMigrationRun run(String name) {
    return findRun(name).orElseThrow(() -> notFound("run", name, namesOfRuns()));
  }

  /** None for somebody who may get a run, and not list them. */
  private List<String> namesOfRuns() {
    try {
      return runs().stream().map(run -> run.getMetadata().getName()).toList();
    } catch (CommandFailure e) {
      if (e.getCause() instanceof KubernetesClientException refusal
          && refusal.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return List.of();
      }
      throw e;
    }
  }

  /** The run with this name; empty where there is none. */
  public Optional<TenantMigrationRun> findRun(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    return ask(
        () ->
            Optional.ofNullable(
                client
                    .resources(TenantMigrationRun.class)
                    .inNamespace(namespace())
                    .withName(name)
                    .get()));
  }

  /** All runs of the fleet. */
  public List<TenantMigrationRun> runs() {
    return ask(() -> all(client.resources(TenantMigrationRun.class).inNamespace(namespace())));
  }

  /** All tenants of the fleet, by name. */
  public List<Tenant> tenants() {
    return ask(() -> all(client.resources(Tenant.class).inNamespace(namespace())));
  }

  /** A failure for a name that does not exist, with the names that come near. */
  public CommandFailure notFound(String kind, String name, List<String> known) {
    return CommandFailure.usage(
        "no %s %s in namespace %s%s"
            .formatted(kind, name, namespace(), NearNames.hint(name, known)));
  }

  /** Page by page, as the API server likes it. */
  public static <T extends HasMetadata, L extends KubernetesResourceList<T>> List<T> all(
      Listable<L> of) {
    List<T> found = new ArrayList<>();
    String next = null;
    do {
      L page = of.list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      found.addAll(page.getItems());
      next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return found;
  }

  @Override
  public void close() {
    client.close();
  }
}
