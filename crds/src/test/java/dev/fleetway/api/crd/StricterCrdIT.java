package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Objects that were created before a rule existed stay alive under it: the operator can still write
 * their status and drop its finalizer. Works on a copy of the CRD in a group of its own.
 */
@RealApiServer
class StricterCrdIT {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String GROUP = "stricter.fleetway.test";

  private final KubernetesClient client;

  StricterCrdIT(KubernetesClient client) {
    this.client = client;
  }

  @AfterEach
  void removeTheCopy() {
    client.resource(copy()).delete();
  }

  @Test
  void anObjectThatTheRulesWouldRefuseKeepsItsStatusAndItsFinalizer() {
    install(withoutRules(copy()));
    String name = "a-name.of-more-than-40-characters-and-with-a-dot";
    GenericKubernetesResource invalid =
        inCopiedGroup(
            Manifest.run(name).with("spec.abort", true).withYaml("spec.migrations", "{}"));
    await().ignoreException(KubernetesClientException.class).until(() -> create(invalid));

    install(copy());
    GenericKubernetesResource another =
        inCopiedGroup(Manifest.run("another").withYaml("spec.migrations", "{}"));
    await().until(() -> isRefused(another));

    Resource<GenericKubernetesResource> stored = client.resource(invalid);
    stored
        .subresource("status")
        .patch(MERGE, json("{status: {phase: Aborted, attempt: 1, observedGeneration: 1}}"));
    stored.patch(MERGE, json("{metadata: {finalizers: [fleetway.dev/run]}}"));
    stored.patch(MERGE, json("{metadata: {annotations: {note: kept}}}"));
    stored.patch(MERGE, json("{spec: {suspend: true}}"));
    assertThat(stored.get().<String>get("status", "phase")).isEqualTo("Aborted");
    stored.delete();
    assertThat(stored.get().getMetadata().getDeletionTimestamp()).isNotNull();
    stored.patch(MERGE, json("{metadata: {finalizers: null}}"));
    assertThat(stored.get()).isNull();
  }

  private boolean create(GenericKubernetesResource resource) {
    return client.resource(resource).create().getMetadata().getUid() != null;
  }

  private boolean isRefused(GenericKubernetesResource resource) {
    try {
      client.resource(resource).dryRun().create();
      return false;
    } catch (KubernetesClientException e) {
      return e.getCode() == 422;
    }
  }

  private void install(CustomResourceDefinition crd) {
    client.resource(crd).forceConflicts().serverSideApply();
  }

  private static CustomResourceDefinition copy() {
    return new CustomResourceDefinitionBuilder(ApiServer.crd("tenantmigrationruns.fleetway.dev"))
        .editMetadata()
        .withName("tenantmigrationruns." + GROUP)
        .endMetadata()
        .editSpec()
        .withGroup(GROUP)
        .editNames()
        .withShortNames()
        .endNames()
        .endSpec()
        .build();
  }

  private static CustomResourceDefinition withoutRules(CustomResourceDefinition crd) {
    JSONSchemaProps root = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
    dropRules(root);
    return crd;
  }

  private static void dropRules(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(List.of());
    Map<String, JSONSchemaProps> properties = schema.getProperties();
    if (properties != null) {
      properties.values().forEach(StricterCrdIT::dropRules);
    }
  }

  private static GenericKubernetesResource inCopiedGroup(Manifest manifest) {
    return manifest.with("apiVersion", GROUP + "/v1alpha1").build();
  }

  private static String json(String yaml) {
    return Manifest.yaml(yaml).toString();
  }
}
