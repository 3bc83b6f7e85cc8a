package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.JsonPatch;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.Optional;

/**
 * Writes the outcomes that no runner could write: tenants that were left out, not reached, or lost
 * with their pod.
 */
final class OutcomeWriter {
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final Clock clock;

  OutcomeWriter(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  void write(String namespace, RunNames names, Mode mode, CohortVerdict verdict) {
    OutcomePatch outcomes = new OutcomePatch(names, mode, verdict, clock.instant());
    for (CohortTally.Line line : outcomes.lines()) {
      Resource<Tenant> resource =
          client.resources(Tenant.class).inNamespace(namespace).withName(line.tenant().name());
      Optional.ofNullable(resource.get())
          .flatMap(tenant -> outcomes.of(line, tenant))
          .ifPresent(patch -> write(resource, line, patch));
    }
  }

  private static void write(Resource<Tenant> resource, CohortTally.Line line, JsonPatch patch) {
    try {
      resource.subresource("status").patch(PatchContext.of(PatchType.JSON), patch.json());
    } catch (KubernetesClientException e) {
      if (e.getCode() == UNPROCESSABLE) {
        throw new IllegalStateException(
            "tenant %s changed while its outcome was written; the next look decides anew"
                .formatted(line.tenant().name()),
            e);
      }
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
