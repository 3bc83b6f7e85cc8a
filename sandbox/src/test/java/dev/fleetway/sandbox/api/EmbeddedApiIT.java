package dev.fleetway.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator and the runner rely on, through an unmodified client. */
class EmbeddedApiIT {
  private static ApiEndpoint api;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    api = ApiEndpoint.embedded();
    client = api.newClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    api.close();
  }

  private static Resource<Tenant> create(String name, String host) {
    Tenant tenant = new Tenant();
    tenant.getMetadata().setName(name);
    tenant.setSpec(
        new TenantSpec(
            null,
            new TenantSpec.Database(
                host,
                null,
                "acme",
                null,
                null,
                null,
                null,
                new TenantSpec.CredentialsSecretRef("acme-db", null, null, null, null, null))));
    tenant.setStatus(new TenantStatus(7L, "9", null, null, null, null, null));
    client.resource(tenant).create();
    return client.resources(Tenant.class).withName(name);
  }

  @Test
  void keepsStatusAndSpecApartAndCountsGenerations() {
    Resource<Tenant> tenant = create("apart", "h");
    assertThat(tenant.get().getStatus()).as("status at creation").isNull();

    tenant.editStatus(
        found -> {
          found.setSpec(new TenantSpec(TenantSpec.State.Suspended, found.getSpec().database()));
          found.setStatus(new TenantStatus(1L, "9", null, null, null, null, null));
          return found;
        });

    assertThat(tenant.get().getStatus().schemaVersion()).isEqualTo("9");
    assertThat(tenant.get().getSpec().state()).isEqualTo(TenantSpec.State.Active);
    assertThat(tenant.get().getMetadata().getGeneration()).isEqualTo(1);
    tenant.patch(
        PatchContext.of(PatchType.JSON_MERGE),
        "{\"spec\":{\"state\":\"ReadOnly\"},\"status\":{\"schemaVersion\":\"10\"}}");
    assertThat(tenant.get().getStatus().schemaVersion()).isEqualTo("9");
    assertThat(tenant.get().getMetadata().getGeneration()).isEqualTo(2);
  }

  @Test
  void refusesAnUpdateOfAnOldVersion() {
    Resource<Tenant> tenant = create("stale", "h");
    Tenant old = tenant.get();
    tenant.patch(
        PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");

    assertThatThrownBy(() -> client.resource(old).update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void refusesAStatusPatchForAnotherUid() {
    Resource<Tenant> tenant = create("other-uid", "h");

    assertThatThrownBy(
            () ->
                tenant
                    .subresource("status")
                    .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"x\"},"
                            + "{\"op\":\"add\",\"path\":\"/status\",\"value\":{}}]"))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(422));
  }

  @Test
  void holdsADeletedObjectUntilItsFinalizersAreGone() {
    Resource<Tenant> tenant = create("held", "h");
    tenant.patch(
        PatchContext.of(PatchType.JSON_MERGE),
        "{\"metadata\":{\"finalizers\":[\"fleetway.dev/x\"]}}");

    tenant.delete();
    assertThat(tenant.get().getMetadata().getDeletionTimestamp()).isNotNull();
    tenant.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");

    assertThat(tenant.get()).isNull();
  }

  @Test
  void deletesWhatADeletedObjectOwned() {
    Tenant owner = create("owner", "h").get();
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("owned")
                .addNewOwnerReference()
                .withApiVersion("fleetway.dev/v1alpha1")
                .withKind("Tenant")
                .withName("owner")
                .withUid(owner.getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .build())
        .create();

    client.resource(owner).delete();

    assertThat(client.configMaps().withName("owned").get()).isNull();
  }

  @Test
  void refusesAChangeOfAnImmutableConfigMap() {
    Resource<ConfigMap> map = client.configMaps().withName("frozen");
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("frozen")
                .endMetadata()
                .addToData("a", "1")
                .withImmutable(true)
                .build())
        .create();

    assertThatThrownBy(
            () -> map.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"a\":\"2\"}}"))
        .hasMessageContaining("immutable");
  }

  @Test
  void tellsAWatchThatAnObjectNoLongerMatches() {
    List<String> events = new CopyOnWriteArrayList<>();
    Watcher<Tenant> watcher =
        new Watcher<>() {
          @Override
          public void eventReceived(Action action, Tenant tenant) {
            events.add(action + " " + tenant.getMetadata().getName());
          }

          @Override
          public void onClose(WatcherException cause) {
            events.add("closed");
          }
        };
    try (var watch =
        client.resources(Tenant.class).withField("spec.state", "Suspended").watch(watcher)) {
      Resource<Tenant> tenant = create("watched", "h");
      String patch = "{\"spec\":{\"state\":\"%s\"}}";
      tenant.patch(PatchContext.of(PatchType.JSON_MERGE), patch.formatted("Suspended"));
      tenant.patch(PatchContext.of(PatchType.JSON_MERGE), patch.formatted("Active"));

      await()
          .untilAsserted(
              () -> assertThat(events).containsExactly("ADDED watched", "DELETED watched"));
      assertThat(watch).isNotNull();
    }
  }
}
