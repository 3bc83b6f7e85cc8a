package dev.fleetway.runner.outcome;

import dev.fleetway.api.LeanObjects;
import dev.fleetway.api.v1alpha1.Tenant;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The API server, as the pod's ServiceAccount or {@code KUBECONFIG} reaches it. The client brings
 * address, trust and token; the two requests are plain ones: its own way of patching copies the
 * object first, and reads an answer that nobody needs.
 */
public final class KubernetesTenantApi implements TenantApi {
  private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
  private static final String JSON = "application/json";
  private static final String JSON_PATCH = "application/json-patch+json";

  private final KubernetesClient client;
  private final URI tenants;

  public KubernetesTenantApi(KubernetesClient client, String namespace) {
    this.client = client;
    this.tenants =
        URI.create(
            "%sapis/%s/namespaces/%s/%s/"
                .formatted(
                    client.getMasterUrl(),
                    HasMetadata.getApiVersion(Tenant.class),
                    namespace,
                    HasMetadata.getPlural(Tenant.class)));
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
    HttpResponse<byte[]> answer = send(request(name));
    if (answer.code() == HttpURLConnection.HTTP_NOT_FOUND) {
      return Optional.empty();
    }
    byte[] body = successful(answer).body();
    try {
      return Optional.of(
          client
              .getKubernetesSerialization()
              .unmarshal(new ByteArrayInputStream(body), Tenant.class));
    } catch (KubernetesClientException e) {
      // Not the API server's words, but those of something in between.
      throw new ApiException(0, e);
    }
  }

  @Override
  public void patchStatus(String name, String jsonPatch) {
    HttpResponse<byte[]> unused =
        successful(send(request(name + "/status").method("PATCH", JSON_PATCH, jsonPatch)));
  }

  private HttpRequest.Builder request(String path) {
    return client
        .getHttpClient()
        .newHttpRequestBuilder()
        .uri(tenants.resolve(path))
        .header("Accept", JSON)
        .timeout(REQUEST_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.getHttpClient().sendAsync(request.build(), byte[].class);
    try {
      return answer.get(REQUEST_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new ApiException(0, e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ApiException(0, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ApiException(0, e);
    }
  }

  private static HttpResponse<byte[]> successful(HttpResponse<byte[]> answer) {
    if (!answer.isSuccessful()) {
      throw new ApiException(answer.code(), null);
    }
    return answer;
  }
}
