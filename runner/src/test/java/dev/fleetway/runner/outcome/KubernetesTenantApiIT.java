package dev.fleetway.runner.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.AppliedMigration;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.database.TenantResult;
import dev.fleetway.runner.outcome.TenantApi.ApiException;
import dev.fleetway.runner.testing.TestTenants;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Outcomes on a real API server, with the released CRD. */
@RealApiServer
class KubernetesTenantApiIT {
  private static final Instant START = Instant.parse("2026-11-21T08:00:00.123456Z");

  private final KubernetesClient client;
  private final TenantApi api;

  KubernetesTenantApiIT(KubernetesClient client) {
    this.client = client;
    this.api = new KubernetesTenantApi(client, client.getNamespace());
  }

  @Test
  void theFirstOutcomeCreatesTheStatus() throws InterruptedException {
    Tenant tenant = create("first");

    assertThat(write(tenant, 1, succeeded())).isOne();

    TenantStatus status = api.find("first").orElseThrow().getStatus();
    assertThat(status.lastRun().outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(status.lastRun().migrations()).containsExactly(new AppliedMigration("112", 7L));
    assertThat(status.schemaVersion()).isEqualTo("112");
    assertThat(status.minCompatibleCodeVersion()).isEqualTo("2.14.0");
    assertThat(status.conditions())
        .singleElement()
        .satisfies(ready -> assertThat(ready.status()).isEqualTo(Condition.Status.True));
  }

  @Test
  void aFailureKeepsAccessAndTheLastKnownVersion() throws InterruptedException {
    Tenant tenant = create("failing");
    client
        .resources(Tenant.class)
        .withName("failing")
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\": {\"access\": \"ReadOnly\", \"schemaVersion\": \"111\"}}");

    // The tenant was read before the operator wrote its access.
    assertThat(write(tenant, 1, failed())).isOne();

    TenantStatus status = api.find("failing").orElseThrow().getStatus();
    assertThat(status.access()).isEqualTo(TenantStatus.Access.ReadOnly);
    assertThat(status.schemaVersion()).isEqualTo("111");
    assertThat(status.lastRun().reason()).isEqualTo(TenantReason.ConnectionRefused);
    assertThat(status.conditions())
        .singleElement()
        .satisfies(ready -> assertThat(ready.reason()).isEqualTo("ConnectionRefused"));
  }

  @Test
  void aTenantThatWasCreatedAgainIsNotWrittenTo() throws InterruptedException {
    Tenant planned = create("again");
    client.resources(Tenant.class).withName("again").delete();
    Tenant unused = create("again");

    assertThat(write(planned, 1, succeeded())).isOne();

    assertThat(api.find("again").orElseThrow().getStatus()).isNull();
  }

  @Test
  void aTenantThatIsGoneIsNotCreated() throws InterruptedException {
    Tenant planned = create("gone");
    client.resources(Tenant.class).withName("gone").delete();

    assertThat(write(planned, 1, succeeded())).isOne();

    assertThat(api.find("gone")).isEmpty();
  }

  @Test
  void anOlderAttemptDoesNotReplaceANewerOne() throws InterruptedException {
    Tenant tenant = create("zombie");
    assertThat(write(tenant, 2, succeeded())).isOne();

    assertThat(write(tenant, 1, failed())).isOne();

    assertThat(api.find("zombie").orElseThrow().getStatus().lastRun().attempt()).isEqualTo(2);
  }

  @Test
  void anOutcomeIsOneRequest() {
    Tenant tenant = create("frugal");
    List<String> requests = new CopyOnWriteArrayList<>();
    try (KubernetesClient counting = counting(requests)) {
      String patch =
          StatusPatch.of(
              tenant,
              tenant.getMetadata().getUid(),
              StatusPatch.lastRun(run(1), succeeded()),
              succeeded(),
              START);

      new KubernetesTenantApi(counting, client.getNamespace()).patchStatus("frugal", patch);
    }

    assertThat(requests).containsExactly("PATCH");
    assertThat(api.find("frugal").orElseThrow().getStatus().lastRun().outcome())
        .isEqualTo(Outcome.Succeeded);
  }

  private KubernetesClient counting(List<String> requests) {
    return new KubernetesClientBuilder()
        .withConfig(client.getConfiguration())
        .withHttpClientBuilderConsumer(
            builder ->
                builder.addOrReplaceInterceptor(
                    "counting",
                    new Interceptor() {
                      @Override
                      public void before(BasicBuilder request, HttpRequest made, RequestTags tags) {
                        requests.add(made.method());
                      }
                    }))
        .build();
  }

  @Test
  void aPatchOfAMissingTenantSaysSo() {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> api.patchStatus("nobody", "[]"))
        .returns(404, ApiException::code);
  }

  private Tenant create(String name) {
    Tenant tenant = new Tenant();
    tenant.setMetadata(new ObjectMetaBuilder().withName(name).build());
    tenant.setSpec(
        new TenantSpec(null, TestTenants.database("pg.test", 5432, "acme", "public", null)));
    return client.resource(tenant).create();
  }

  /** Writes and returns how many outcomes were dealt with. */
  private int write(Tenant tenant, int attempt, TenantResult result) throws InterruptedException {
    AtomicInteger written = new AtomicInteger();
    OutcomeWriter writer =
        new OutcomeWriter(api, run(attempt), Clock.systemUTC(), Duration.ofSeconds(10));
    writer.submit(TestTenants.member(tenant), tenant, result, () -> written.incrementAndGet());
    assertThat(writer.flush(Duration.ofSeconds(20))).isTrue();
    assertThat(writer.lost()).isZero();
    return written.get();
  }

  private Assignment run(int attempt) {
    return new Assignment(
        client.getNamespace(),
        "v112",
        "run-uid",
        attempt,
        1,
        Mode.Apply,
        Assignment.Migrations.upTo("sha256:", "112"),
        new Assignment.Limits(1, 1, 1_000, 1_000, 0, 1),
        List.of(),
        List.of());
  }

  private static TenantResult succeeded() {
    return new TenantResult(
        Outcome.Succeeded,
        null,
        null,
        null,
        null,
        "111",
        Optional.of(new TenantResult.SchemaState("112", "2.14.0", false)),
        List.of(new AppliedMigration("112", 7L)),
        List.of(),
        START,
        Duration.ofMillis(812),
        1);
  }

  private static TenantResult failed() {
    return new TenantResult(
        Outcome.Failed,
        TenantReason.ConnectionRefused,
        "the connection was refused",
        null,
        null,
        null,
        Optional.empty(),
        List.of(),
        List.of(),
        START,
        Duration.ofMillis(12),
        1);
  }
}
