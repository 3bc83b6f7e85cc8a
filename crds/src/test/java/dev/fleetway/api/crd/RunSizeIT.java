package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Migrations;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Abort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Invariant 10: at 10,000 tenants in 1,000 cohorts, every one with failures. */
@RealApiServer
class RunSizeIT {
  private static final int LIMIT = 100 * 1024;
  private static final String NAME = "r".repeat(40);
  private static final String TIME = "2026-11-21T10:00:00.123456789Z";

  @Test
  void staysUnderAHundredKibibytesWithEverythingThatCanGoWrong(KubernetesClient client) {
    TenantMigrationRun run = new TenantMigrationRun();
    run.setMetadata(new ObjectMetaBuilder().withName(NAME).build());
    run.setSpec(
        new TenantMigrationRunSpec(
            null,
            new Migrations(null, List.of(new Migrations.ConfigMapRef("bundle")), null, null, null),
            null,
            null,
            new TenantMigrationRunSpec.Tenants(
                null,
                IntStream.rangeClosed(1, 500).mapToObj("tenant-number-%05d"::formatted).toList(),
                null),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    client.resource(run).create();
    run.setStatus(worst());
    client
        .resource(run)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("fleetway-operator")
                .withForce(true)
                .build());
    String stored =
        client.raw(
            "/apis/fleetway.dev/v1alpha1/namespaces/"
                + client.getNamespace()
                + "/tenantmigrationruns/"
                + NAME);
    assertThat(stored).contains("managedFields", "olderFailures");
    assertThat(stored.getBytes(StandardCharsets.UTF_8).length).isLessThan(LIMIT);
  }

  private static TenantMigrationRunStatus worst() {
    return new TenantMigrationRunStatus(
        1L,
        Phase.Running,
        "sha256:" + "0".repeat(64),
        "20261121103000.1",
        "0".repeat(64),
        99,
        99,
        IntStream.rangeClosed(1, 10)
            .mapToObj(i -> new Abort(i, 999, "AbortRateExceeded", TIME))
            .toList(),
        Totals.of(10000, 0, 0, 4000, 1000, 4000, 1000),
        1000,
        1000,
        "1000/1000",
        IntStream.rangeClosed(901, 1000).mapToObj(RunSizeIT::cohort).toList(),
        IntStream.rangeClosed(1, 900)
            .mapToObj(i -> i + ".99f4s1c1")
            .collect(Collectors.joining(" ")),
        TIME,
        "27h",
        IntStream.rangeClosed(1, 20).mapToObj(RunSizeIT::failure).toList(),
        IntStream.rangeClosed(1, 20).mapToObj(RunSizeIT::group).toList(),
        IntStream.rangeClosed(1, 10)
            .mapToObj(i -> new CodeFloor("20261121103000." + i, "12.34.56"))
            .toList(),
        TIME,
        null,
        Stream.of("Ready", "Reconciling", "Stalled", "Succeeded", "Finished", "Suspended")
            .map(
                type ->
                    new Condition(
                        type,
                        Condition.Status.False,
                        1L,
                        TIME,
                        "RunnerServiceAccountMissing",
                        "m".repeat(2048)))
            .toList());
  }

  private static Cohort cohort(int number) {
    return new Cohort(
        number,
        10,
        4,
        1,
        4,
        1,
        CohortState.Closed,
        99,
        NAME + "-c%03d-a99-0a1b2c".formatted(number),
        NAME + "-c%03d-a99-result-0a1b2c".formatted(number),
        TIME,
        TIME);
  }

  private static Failure failure(int number) {
    return new Failure(
        "t".repeat(60) + number,
        "s".repeat(60) + ".databases.svc.cluster.local:5432",
        number,
        TenantReason.IncompatibleCodeVersion,
        "23505",
        "20261121103000.1",
        "m".repeat(512));
  }

  private static FailureGroup group(int number) {
    return new FailureGroup(
        "0123456789ab",
        TenantReason.IncompatibleCodeVersion,
        "23505",
        "20261121103000." + number,
        500,
        500,
        "t".repeat(63));
  }
}
