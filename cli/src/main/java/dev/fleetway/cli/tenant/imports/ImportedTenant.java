package dev.fleetway.cli.tenant.imports;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * One row that was understood. What the source has no column for is left out, and so left to
 * others.
 *
 * @param place of the row
 * @param name of the Tenant
 * @param labels of the Tenant
 * @param state empty: the owner's, who may have set it by hand
 * @param database its fields by name, as the CRD has them, without the reference to the Secret
 * @param secretName of the Secret with the login
 * @param login what goes into that Secret; empty where somebody else fills it
 */
record ImportedTenant(
    String place,
    String name,
    Map<String, String> labels,
    Optional<TenantSpec.State> state,
    Map<String, Object> database,
    String secretName,
    Optional<Login> login) {

  /** User and password, which no message and no output ever shows. */
  record Login(String username, String password) {
    @Override
    public String toString() {
      return "Login[…]";
    }
  }

  ImportedTenant {
    labels = Map.copyOf(labels);
    database = Map.copyOf(database);
  }

  /** The same with another password in its login. */
  ImportedTenant withPassword(String password) {
    return new ImportedTenant(
        place,
        name,
        labels,
        state,
        database,
        secretName,
        login.map(old -> new Login(old.username(), password)));
  }

  /** Where its data lies: two tenants with the same are one too many. */
  String target() {
    return database.get("host")
        + ":"
        + database.getOrDefault("port", 5432)
        + "/"
        + database.get("name")
        + "/"
        + database.getOrDefault("schema", "public");
  }

  /** Generic: a typed Tenant writes the defaults of what was left out, and would own them. */
  GenericKubernetesResource tenant(String namespace) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    state.ifPresent(wanted -> spec.put("state", wanted.name()));
    ObjectNode target = spec.putObject("database");
    database.forEach(target::putPOJO);
    target.putObject("credentialsSecretRef").put("name", secretName);
    GenericKubernetesResource tenant = new GenericKubernetesResource();
    tenant.setApiVersion(HasMetadata.getApiVersion(Tenant.class));
    tenant.setKind(HasMetadata.getKind(Tenant.class));
    tenant.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(namespace)
            .withLabels(labels.isEmpty() ? null : labels)
            .build());
    tenant.setAdditionalProperty("spec", spec);
    return tenant;
  }

  Optional<Secret> secret(String namespace) {
    return login.map(
        known ->
            new SecretBuilder()
                .withNewMetadata()
                .withName(secretName)
                .withNamespace(namespace)
                .endMetadata()
                .withType("Opaque")
                .withData(
                    Map.of(
                        "username", encoded(known.username()),
                        "password", encoded(known.password())))
                .build());
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
