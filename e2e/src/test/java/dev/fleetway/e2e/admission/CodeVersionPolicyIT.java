package dev.fleetway.e2e.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Deployments the chart's policy admits, by the operator's floor, on a real API server. */
@RealApiServer
@TestMethodOrder(OrderAnnotation.class)
class CodeVersionPolicyIT {
  private static final String FLEET = PolicedApi.FLEET;
  private static final String SHOP = PolicedApi.SHOP;
  private static final AtomicInteger FLOOR_WRITES = new AtomicInteger();

  private static PolicedApi api;
  private static KubernetesClient client;
  private static KubernetesClient operatorClient;
  private static FleetwayOperator operator;

  @BeforeAll
  static void aFleetAnOperatorAndThePolicies(ApiServer server) {
    api = PolicedApi.on(server);
    client = api.client();
    tenant("acme", "2.9.0");
    tenant("globex", "2.14.0");
    tenant("initech", null);
    operatorClient =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.kubeConfigYaml()))
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("floor", new FloorWrites()))
            .build();
    operator =
        FleetwayOperator.start(
            operatorClient,
            new OperatorSettings(
                List.of(FLEET), Runner.ofImage("runner:1"), false, null, 0, 0, true));
    api.install("code-version");
    untilTheFloorIs("2.14.0");
    await("the policy works")
        .atMost(Duration.ofSeconds(30))
        .until(() -> refusal(deployment(SHOP, "0.1.0")) != null);
  }

  @AfterAll
  static void stop() {
    operator.close();
    operatorClient.close();
    api.close();
  }

  @Test
  @Order(1)
  void letsADeploymentInThatTheSchemasCanBear() {
    for (String version : List.of("2.14.0", "2.14.1", "2.100.0", "3.0.0-rc.1")) {
      assertThat(refusal(deployment(SHOP, version))).as(version).isNull();
    }
    assertThat(refusal(deployment(SHOP, null))).as("without a label").isNull();
    assertThat(refusal(deployment(FLEET, "1.0.0"))).as("in another namespace").isNull();
  }

  @ParameterizedTest
  @Order(1)
  @ValueSource(strings = {"2.13.9", "2.9.0", "2.14.0-rc.1", "1.99.0"})
  void refusesADeploymentThatIsTooOld(String version) {
    assertThat(refusal(deployment(SHOP, version)))
        .contains(
            "code version "
                + version
                + " is too old: the schemas of the fleet in namespace team-a need 2.14.0 or newer."
                + " Deploy that, or see which tenants need it: kubectl -n team-a get tn -o wide");
  }

  @ParameterizedTest
  @Order(1)
  @ValueSource(strings = {"latest", "v2.14.0", "2.14", "02.14.0"})
  void refusesALabelThatIsNoVersion(String version) {
    assertThat(refusal(deployment(SHOP, version)))
        .contains(
            "the label fleetway.dev/code-version is "
                + version
                + ": it must be a version such as 2.14.0");
  }

  @Test
  @Order(1)
  void looksAtThePodsLabelToo() {
    Deployment rolledBack = deployment(SHOP, "2.14.0");
    rolledBack
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getLabels()
        .put("fleetway.dev/code-version", "2.13.0");
    assertThat(refusal(rolledBack)).contains("code version 2.13.0 is too old");
  }

  @Test
  @Order(3)
  void whatRunsAlreadyIsLeftAloneUntilSomethingElseIsRolledOut() {
    Resource<Deployment> running = client.resource(deployment(SHOP, "2.14.0"));
    running.create();
    floor("globex", "3.0.0");
    untilTheFloorIs("3.0.0");
    await("the policy knows it")
        .atMost(Duration.ofSeconds(30))
        .until(() -> refusal(deployment(SHOP, "2.14.5")) != null);

    assertThatCode(
            () ->
                PolicedApi.patch(
                    running, "{\"metadata\":{\"annotations\":{\"note\":\"anything\"}}}"))
        .doesNotThrowAnyException();
    assertThatCode(() -> running.scale(3)).doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(
                KubernetesClientException.class,
                () ->
                    PolicedApi.patch(
                        running,
                        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}}}")))
        .hasMessageContaining("code version 2.14.0 is too old");
    running.delete();
    assertThat(running.get()).isNull();
  }

  @Test
  @Order(4)
  void theFloorIsWrittenWhenItChangesAndComesBackWhenSomebodyDeletesIt() {
    int before = FLOOR_WRITES.get();
    assertThat(before).as("2.14.0, then 3.0.0").isEqualTo(2);
    floor("acme", "2.10.0");
    floorMap().delete();
    untilTheFloorIs("3.0.0");
    assertThat(FLOOR_WRITES.get() - before).isEqualTo(1);
    // the only one that needs it
    client.resources(Tenant.class).inNamespace(FLEET).withName("globex").delete();
    untilTheFloorIs("2.10.0");
    client.resources(Tenant.class).inNamespace(FLEET).delete();
    await("nobody needs anything")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                floorMap().require().getData() == null || floorMap().require().getData().isEmpty());
    assertThat(FLOOR_WRITES.get() - before).isEqualTo(3);
  }

  @Test
  @Order(5)
  void withoutAFloorEveryVersionIsFineAndABrokenOneIsSaid() {
    untilLetIn("1.0.0");
    operator.close();
    floorMap().delete();
    untilLetIn("0.1.0");
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("fleetway-compatibility")
                .withNamespace(FLEET)
                .endMetadata()
                .withData(Map.of("minCompatibleCodeVersion", "the newest"))
                .build())
        .create();
    await("the policy knows it")
        .atMost(Duration.ofSeconds(30))
        .until(() -> refusal(deployment(SHOP, "2.14.5")) != null);
    assertThat(refusal(deployment(SHOP, "2.14.5")))
        .contains(
            "the ConfigMap fleetway-compatibility of the fleet was edited and holds no version");
  }

  private static void untilLetIn(String version) {
    await(version + " is let in")
        .atMost(Duration.ofSeconds(30))
        .until(() -> refusal(deployment(SHOP, version)) == null);
  }

  private static Resource<ConfigMap> floorMap() {
    return client.configMaps().inNamespace(FLEET).withName("fleetway-compatibility");
  }

  private static void untilTheFloorIs(String version) {
    ConditionFactory patiently = await("the floor is " + version).atMost(Duration.ofSeconds(40));
    patiently.until(
        () -> {
          ConfigMap stored = floorMap().get();
          return stored != null
              && stored.getData() != null
              && Objects.equals(version, stored.getData().get("minCompatibleCodeVersion"));
        });
  }

  private static void tenant(String name, String floor) {
    client
        .resource(
            """
            apiVersion: fleetway.dev/v1alpha1
            kind: Tenant
            metadata: {name: %s, namespace: team-a}
            spec: {database: {host: pg-1, name: %s, credentialsSecretRef: {name: login}}}
            """
                .formatted(name, name))
        .create();
    if (floor != null) {
      floor(name, floor);
    }
  }

  /** As a runner does it. */
  private static void floor(String tenant, String version) {
    Tenant unused =
        client
            .resources(Tenant.class)
            .inNamespace(FLEET)
            .withName(tenant)
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"status\":{\"minCompatibleCodeVersion\":\"" + version + "\"}}");
  }

  private static Deployment deployment(String namespace, String version) {
    Map<String, String> app = Map.of("app", "shop");
    Map<String, String> labels =
        version == null ? app : Map.of("app", "shop", "fleetway.dev/code-version", version);
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("shop")
        .withNamespace(namespace)
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .withNewSelector()
        .withMatchLabels(app)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(app)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("shop")
        .withImage("shop:1")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static String refusal(HasMetadata object) {
    return api.refusal(object);
  }

  private static final class FloorWrites implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (request.method().equals("PATCH")
          && request.uri().getPath().endsWith("/configmaps/fleetway-compatibility")) {
        FLOOR_WRITES.incrementAndGet();
      }
    }
  }
}
