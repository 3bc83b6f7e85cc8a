package dev.fleetway.runner.outcome;

import dev.fleetway.api.LeanObjects;
import dev.fleetway.api.v1alpha1.Tenant;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Optional;
import java.util.function.Supplier;

/** The API server, as the pod's ServiceAccount or {@code KUBECONFIG} reaches it. */
public final class KubernetesTenantApi implements TenantApi {
  private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

  private final KubernetesClient client;
  private final String namespace;

  public KubernetesTenantApi(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** A client without retries of its own: the caller knows better how long it may wait. */
  public static KubernetesClient client() {
    Config config =
        new ConfigBuilder()
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
            .withConnectionTimeout(REQUEST_TIMEOUT_MILLIS)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(LeanObjects.ofNamedKinds())
        .build();
  }

  @Override
  public Optional<Tenant> find(String name) {
    return call(
        () ->
            Optional.ofNullable(
                client.resources(Tenant.class).inNamespace(namespace).withName(name).get()));
  }

  @Override
  public void patchStatus(String name, String jsonPatch) {
    PatchContext context = PatchContext.of(PatchType.JSON);
    // By name alone the client would first get what it patches, which the patch does not need.
    Tenant address = new Tenant();
    address.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    Tenant unused =
        call(() -> client.resource(address).subresource("status").patch(context, jsonPatch));
  }

  private static <T> T call(Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw new ApiException(Math.max(0, e.getCode()), e);
    }
  }
}
