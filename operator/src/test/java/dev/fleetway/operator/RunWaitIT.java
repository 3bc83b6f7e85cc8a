package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What {@code helm test} prints of the run that it created. */
@RealApiServer
class RunWaitIT {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final KubernetesClient client;

  RunWaitIT(KubernetesClient client) {
    this.client = client;
  }

  @Test
  void waitsForARunThatIsCreatedLaterAndHasNothingToSayOnceItHasSucceeded() {
    CompletableFuture<Optional<String>> complaint =
        CompletableFuture.supplyAsync(() -> complaint("good", LONG));
    create("good");
    status("good", "{phase: Running}");
    assertThat(complaint("good", SHORT)).as("while it runs").isPresent();
    assertThat(complaint).isNotDone();

    status("good", "{phase: Succeeded}");

    assertThat(complaint.join()).isEmpty();
  }

  @Test
  void saysWhatTheRunSaysAndWhatFailed() {
    create("bad");
    status(
        "bad",
        """
        {phase: CompletedWithFailures, conditions: [%s],
         failures: [{tenant: test, server: "pg:5432", cohort: 1, reason: ConnectionRefused,
                     message: the connection was refused}]}
        """
            .formatted(ready("CompletedWithFailures", "1 of 1 tenants failed.")));

    assertThat(complaint("bad", LONG))
        .contains(
            """
            Run %s/bad is CompletedWithFailures: 1 of 1 tenants failed.
              tenant test: ConnectionRefused: the connection was refused"""
                .formatted(client.getNamespace()));
  }

  @Test
  void saysWhyARunStoppedBeforeAnyTenant() {
    create("broken");
    status(
        "broken",
        "{phase: Aborted, conditions: [%s]}"
            .formatted(ready("InvalidBundle", "V1__a.sql is empty.")));

    assertThat(complaint("broken", LONG))
        .contains("Run %s/broken is Aborted: V1__a.sql is empty.".formatted(client.getNamespace()));
  }

  @Test
  void saysWhereToLookWhenARunTakesTooLong() {
    create("slow");

    assertThat(complaint("slow", SHORT))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith("Run %s/slow did not end".formatted(client.getNamespace()))
                    .endsWith("kubectl -n %s describe tmr slow".formatted(client.getNamespace())));
  }

  private Optional<String> complaint(String run, Duration patience) {
    return RunWait.complaint(client, client.getNamespace(), run, patience);
  }

  private static String ready(String reason, String message) {
    return """
    {type: Ready, status: "False", observedGeneration: 1, reason: %s, message: %s,
     lastTransitionTime: "2026-11-21T10:00:00Z"}"""
        .formatted(reason, message);
  }

  private void create(String name) {
    client
        .resource(
            """
            apiVersion: fleetway.dev/v1alpha1
            kind: TenantMigrationRun
            metadata: {name: %s}
            spec: {migrations: {configMapRefs: [{name: sql}]}}
            """
                .formatted(name))
        .create();
  }

  private void status(String name, String status) {
    TenantMigrationRun unused =
        client
            .resources(TenantMigrationRun.class)
            .withName(name)
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                client.getKubernetesSerialization().convertToJson("status: " + status));
  }
}
