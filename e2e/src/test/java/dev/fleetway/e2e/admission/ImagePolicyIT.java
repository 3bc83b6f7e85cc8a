package dev.fleetway.e2e.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which images the chart's policy admits in a run, on a real API server. */
@RealApiServer
class ImagePolicyIT {
  private static PolicedApi api;
  private static FleetwayOperator operator;

  @BeforeAll
  static void aRunFromBeforeThePolicyAndThePolicy(ApiServer server) {
    api = PolicedApi.on(server);
    operator =
        FleetwayOperator.start(api.client(), OperatorSettings.of("runner:1", PolicedApi.FLEET));
    HasMetadata old = run("image: evil/runner", "configMapRefs: [{name: sql}]");
    old.getMetadata().setName("old");
    api.client().resource(old).create();
    api.install("images");
    await("the policy works")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                api.refusal(run("image: evil/runner", "configMapRefs: [{name: sql}]")) != null
                    && api.refusal(run(null, "image: {reference: evil/sql}")) != null);
  }

  @AfterAll
  static void stop() {
    operator.close();
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/acme/runner:1, ghcr.io/acme/migrations@sha256:0, Copy",
    "ghcr.io/acme:1, ghcr.io/acme/migrations:7, Copy",
    "registry.example/any/thing@sha256:0, ghcr.io/acme/migrations/eu:7, Copy",
    "docker.io/acme/runner:1.2, ghcr.io/acme/migrations, Copy",
    "docker.io/acme/runner:1.2@sha256:0, ghcr.io/acme/migrations, Copy",
    "ghcr.io/acme/runner, ghcr.io/acme/sql, Runner",
  })
  void letsARunInWhoseImagesAreAllowed(String runner, String bundle, String mount) {
    assertThatCode(
            () ->
                api.tryOut(
                    run(
                        "image: '" + runner + "'",
                        "image: {reference: '" + bundle + "', mount: " + mount + "}")))
        .doesNotThrowAnyException();
  }

  @Test
  void letsARunInThatNamesNoImage() {
    assertThat(api.refusal(run(null, "configMapRefs: [{name: sql}]"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghcr.io/acme-evil/x",
        "ghcr.io/acmeevil:1",
        "ghcr.io/other/acme",
        "evil.example/ghcr.io/acme/runner",
        "registry.example:5000/x",
        "registry.example.evil/x",
        "registry.example@evil/x",
        "ghcr.io/acme/../evil/x",
        "docker.io/acme/runner:1.20",
        "docker.io/acme/runner:1",
        "acme/runner:1.2",
      })
  void refusesARunnerImageThatOnlyLooksAllowed(String image) {
    assertThat(api.refusal(run("image: '" + image + "'", "configMapRefs: [{name: sql}]")))
        .contains(
            "the image "
                + image
                + " may not be used as runner here; allowed: ghcr.io/acme, registry.example,"
                + " docker.io/acme/runner:1.2 (admission.runnerImages.allowed of the Fleetway"
                + " chart)");
  }

  @Test
  void refusesABundleImageFromElsewhereAndABundleThatIsARunnerFromElsewhere() {
    assertThat(api.refusal(run(null, "image: {reference: ghcr.io/acme/sql}")))
        .contains("the image ghcr.io/acme/sql may not be used as bundle here; allowed:");
    assertThat(api.refusal(run(null, "image: {reference: evil/sql, mount: Runner}")))
        .contains("the image evil/sql may not be used as runner here; allowed:");
  }

  @Test
  void aRunFromBeforeThePolicyCanBeStoppedButNotResumed() {
    Resource<TenantMigrationRun> old =
        api.client()
            .resources(TenantMigrationRun.class)
            .inNamespace(PolicedApi.FLEET)
            .withName("old");
    assertThatCode(() -> PolicedApi.patch(old, "{\"spec\":{\"abort\":true}}"))
        .doesNotThrowAnyException();
    await("it is aborted")
        .atMost(Duration.ofSeconds(30))
        .until(() -> old.require().getStatus().phase() == Phase.Aborted);

    assertThat(
            catchThrowableOfType(
                KubernetesClientException.class,
                () -> PolicedApi.patch(old, "{\"spec\":{\"attempt\":2,\"abort\":false}}")))
        .hasMessageContaining("the image evil/runner may not be used as runner here");
    assertThatCode(
            () ->
                PolicedApi.patch(
                    old,
                    "{\"spec\":{\"attempt\":2,\"abort\":false,\"runner\":{\"image\":\"ghcr.io/acme/x\"}}}"))
        .doesNotThrowAnyException();
    old.delete();
  }

  private static HasMetadata run(String runner, String migrations) {
    return api.client()
        .resource(
            """
            apiVersion: fleetway.dev/v1alpha1
            kind: TenantMigrationRun
            metadata: {name: v1, namespace: team-a}
            spec:
              suspend: true
              migrations: {%s}
              runner: {%s}
            """
                .formatted(migrations, runner == null ? "" : runner))
        .item();
  }
}
