package dev.fleetway.operator.tenant;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.operator.model.JsonPatch;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/**
 * Derives {@code status.access}, by server-side apply: the operator owns this field and the runner
 * the others. The first Ready condition goes by JSON patch, because an apply that later leaves it
 * out would delete what the runner wrote.
 */
@ControllerConfiguration(name = "tenants")
public final class TenantReconciler implements Reconciler<Tenant> {
  private static final String FIELD_MANAGER = "fleetway-operator";
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final Clock clock;

  public TenantReconciler(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public UpdateControl<Tenant> reconcile(Tenant tenant, Context<Tenant> context) {
    Resource<Tenant> resource =
        client
            .resources(Tenant.class)
            .inNamespace(tenant.getMetadata().getNamespace())
            .withName(tenant.getMetadata().getName());
    TenantStatus.Access access = TenantAccess.of(tenant.getSpec().state());
    if (!isCurrent(tenant, access)) {
      applyAccess(tenant, access);
    }
    if (tenant.getStatus() == null || tenant.getStatus().conditions() == null) {
      addFirstCondition(resource, tenant.getMetadata().getUid());
    }
    return UpdateControl.noUpdate();
  }

  private static boolean isCurrent(Tenant tenant, TenantStatus.Access access) {
    TenantStatus status = tenant.getStatus();
    return status != null
        && status.access() == access
        && Objects.equals(status.observedGeneration(), tenant.getMetadata().getGeneration());
  }

  private void applyAccess(Tenant tenant, TenantStatus.Access access) {
    Tenant fresh = new Tenant();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(tenant.getMetadata().getName())
            .withNamespace(tenant.getMetadata().getNamespace())
            .withUid(tenant.getMetadata().getUid())
            .build());
    fresh.setStatus(
        new TenantStatus(
            tenant.getMetadata().getGeneration(), null, null, access, null, null, null));
    ignoringGone(
        () ->
            client
                .resource(fresh)
                .subresource("status")
                .patch(
                    new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(FIELD_MANAGER)
                        .withForce(true)
                        .build()));
  }

  private void addFirstCondition(Resource<Tenant> resource, String uid) {
    Tenant now = resource.get();
    if (now == null || now.getStatus() == null || now.getStatus().conditions() != null) {
      return;
    }
    Condition ready =
        new Condition(
            "Ready",
            Condition.Status.Unknown,
            now.getMetadata().getGeneration(),
            clock.instant().toString(),
            "NotMigratedYet",
            "No run has reached this tenant yet.");
    String patch =
        new JsonPatch()
            .test("/metadata/uid", uid)
            .test("/metadata/resourceVersion", now.getMetadata().getResourceVersion())
            .add("/status/conditions", List.of(ready))
            .json();
    ignoringGone(
        () -> resource.subresource("status").patch(PatchContext.of(PatchType.JSON), patch));
  }

  /** Deleted meanwhile, or written by a runner in this very moment: nothing is left to do. */
  private static void ignoringGone(Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != UNPROCESSABLE) {
        throw e;
      }
    }
  }
}
