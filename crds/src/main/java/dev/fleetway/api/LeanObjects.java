package dev.fleetway.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * How clients read objects: without {@code managedFields}, which nobody here reads, and which are
 * four fifths of a Tenant.
 */
public final class LeanObjects {
  private LeanObjects() {}

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  /** For a client that meets objects of any kind, each of which gets its own class. */
  public static KubernetesSerialization ofAnyKind() {
    return new KubernetesSerialization(json(), true);
  }

  /**
   * For a client that names the class of everything that it reads. It does not load the classes of
   * all kinds that there are, which takes longer than a first request.
   */
  public static KubernetesSerialization ofNamedKinds() {
    return new KubernetesSerialization(json(), false);
  }

  private static ObjectMapper json() {
    return new ObjectMapper().addMixIn(ObjectMeta.class, WithoutManagedFields.class);
  }
}
