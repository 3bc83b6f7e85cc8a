package dev.fleetway.operator.tenant;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.operator.model.JsonPatch;
import dev.fleetway.operator.model.OwnWrites;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Derives {@code status.access} from the owner's intent and the gates in force, by server-side
 * apply: the operator owns this field and the runner the others. Nobody else writes it: a run only
 * says, in its status, which cohort is gated. The first Ready condition goes by JSON patch, because
 * an apply that later leaves it out would delete what the runner wrote.
 */
@ControllerConfiguration(name = "tenants")
public final class TenantReconciler implements Reconciler<Tenant> {
  private static final String FIELD_MANAGER = "fleetway-operator";
  private static final int UNPROCESSABLE = 422;

  /** A watch that lags would else make us write the same once more. */
  private static final Duration UNTIL_THE_CACHE_KNOWS = Duration.ofMillis(500);

  private static final Duration AFTER_A_CONFLICT = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final Gates gates;
  private final TenantFeed feed;
  private final Clock clock;
  private final OwnWrites ownWrites;
  private final Optional<FloorPublisher> floors;

  public TenantReconciler(
      KubernetesClient client,
      Gates gates,
      TenantFeed feed,
      Clock clock,
      Optional<FloorPublisher> floors) {
    this.floors = floors;
    this.client = client;
    this.gates = gates;
    this.feed = feed;
    this.ownWrites = feed.ownWrites();
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, Tenant>> prepareEventSources(EventSourceContext<Tenant> context) {
    feed.prepare(context);
    return List.of(feed);
  }

  @Override
  public UpdateControl<Tenant> reconcile(Tenant tenant, Context<Tenant> context) {
    floors.ifPresent(FloorPublisher::lead);
    try {
      return reconcile(tenant);
    } finally {
      feed.looked(tenant);
    }
  }

  private UpdateControl<Tenant> reconcile(Tenant tenant) {
    if (ownWrites.areMissingIn(tenant)) {
      return UpdateControl.<Tenant>noUpdate().rescheduleAfter(UNTIL_THE_CACHE_KNOWS);
    }
    TenantStatus.Access access = gates.derive(tenant);
    Optional<Tenant> written =
        isCurrent(tenant, access) ? Optional.of(tenant) : applyAccess(tenant, access);
    boolean done = written.filter(this::addFirstCondition).isPresent();
    UpdateControl<Tenant> control = UpdateControl.noUpdate();
    // What got in between may have been a status, and those wake nobody.
    return done ? control : control.rescheduleAfter(AFTER_A_CONFLICT);
  }

  private static boolean isCurrent(Tenant tenant, TenantStatus.Access access) {
    TenantStatus status = tenant.getStatus();
    return status != null
        && status.access() == access
        && Objects.equals(status.observedGeneration(), tenant.getMetadata().getGeneration());
  }

  /** The tenant as it is then; empty when something else was written in this very moment. */
  private Optional<Tenant> applyAccess(Tenant tenant, TenantStatus.Access access) {
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
    return written(
        tenant,
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

  private boolean addFirstCondition(Tenant tenant) {
    if (tenant.getStatus() == null || tenant.getStatus().conditions() != null) {
      return true;
    }
    Condition ready =
        new Condition(
            "Ready",
            Condition.Status.Unknown,
            tenant.getMetadata().getGeneration(),
            clock.instant().toString(),
            "NotMigratedYet",
            "No run has reached this tenant yet.");
    String patch =
        new JsonPatch()
            .test("/metadata/uid", tenant.getMetadata().getUid())
            .test("/metadata/resourceVersion", tenant.getMetadata().getResourceVersion())
            .add("/status/conditions", List.of(ready))
            .json();
    return written(
            tenant,
            () ->
                client
                    .resources(Tenant.class)
                    .inNamespace(tenant.getMetadata().getNamespace())
                    .withName(tenant.getMetadata().getName())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON), patch))
        .isPresent();
  }

  /** Who is gone stays as it was. */
  private Optional<Tenant> written(Tenant before, Supplier<Tenant> write) {
    try {
      Tenant written = write.get();
      ownWrites.remember(written);
      return Optional.of(written);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == UNPROCESSABLE) {
        return Optional.empty();
      }
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return Optional.of(before);
    }
  }
}
