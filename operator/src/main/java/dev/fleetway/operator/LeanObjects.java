package dev.fleetway.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * A client whose objects carry no {@code managedFields}: nobody here reads them, and they are four
 * fifths of a cached Tenant.
 */
final class LeanObjects {
  private LeanObjects() {}

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  static KubernetesClient client() {
    ObjectMapper json = new ObjectMapper().addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(new KubernetesSerialization(json, true))
        .build();
  }
}
