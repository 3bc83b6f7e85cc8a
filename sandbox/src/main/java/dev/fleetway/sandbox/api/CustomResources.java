package dev.fleetway.sandbox.api;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The CRDs of this release, as {@code crds/yaml} has them. */
final class CustomResources {
  private static final List<String> FILES =
      List.of("tenants.fleetway.dev.yaml", "tenantmigrationruns.fleetway.dev.yaml");
  private static final int ESTABLISHED_SECONDS = 30;

  private CustomResources() {}

  static void install(KubernetesClient client) {
    for (String file : FILES) {
      try (InputStream yaml =
          CustomResources.class.getResourceAsStream("/META-INF/fleetway/crds/" + file)) {
        for (HasMetadata crd : client.load(yaml).items()) {
          client.resource(crd).serverSideApply();
          client
              .resource(crd)
              .waitUntilCondition(
                  CustomResources::isEstablished, ESTABLISHED_SECONDS, TimeUnit.SECONDS);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static boolean isEstablished(HasMetadata crd) {
    // A definition that was created a moment ago has "conditions: null".
    return crd instanceof CustomResourceDefinition definition
        && definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }
}
