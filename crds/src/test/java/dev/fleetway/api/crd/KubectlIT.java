package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same through kubectl, which reads YAML by other rules than we do and prints the columns. */
@RealApiServer
class KubectlIT {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;
  private final ApiServer server;

  @TempDir private Path directory;
  private Path kubeConfig;

  KubectlIT(KubernetesClient client, ApiServer server) {
    this.client = client;
    this.server = server;
  }

  @BeforeEach
  void writeKubeConfig() throws IOException {
    kubeConfig = Files.writeString(directory.resolve("kubeconfig"), server.kubeConfigYaml());
  }

  @Test
  void kubectlReadsTheCheckedInFilesAsWeDo() throws Exception {
    // "True" without quotes, say, would be a boolean to kubectl and a string to us.
    String answer =
        kubectl(
            "apply",
            "--server-side",
            "--force-conflicts",
            "--field-manager=fabric8",
            "--dry-run=server",
            "-f",
            CrdYaml.directory().toString());
    assertThat(answer.lines())
        .containsExactlyInAnyOrder(
            "customresourcedefinition.apiextensions.k8s.io/tenants.fleetway.dev serverside-applied"
                + " (server dry run)",
            "customresourcedefinition.apiextensions.k8s.io/tenantmigrationruns.fleetway.dev"
                + " serverside-applied (server dry run)");
    assertThat(
            kubectl(
                "diff",
                "--server-side",
                "--force-conflicts",
                "--field-manager=fabric8",
                "-f",
                CrdYaml.directory().toString()))
        .as("difference between what kubectl and what our client installs")
        .isEmpty();
  }

  @Test
  void tenantsShowTheirColumns() throws Exception {
    client.resource(Manifest.tenant("acme").build()).create();
    status(
        "Tenant",
        "acme",
        """
        {access: ReadWrite, schemaVersion: '104', minCompatibleCodeVersion: 2.14.0,
         lastRun: {name: v105, uid: r1, attempt: 1, cohort: 1, outcome: Failed, reason: LockTimeout},
         lastPlan: {name: p105, uid: r0, attempt: 1, cohort: 1, time: '2026-11-21T10:00:00Z', pending: 3}}
        """);
    assertThat(rows("get", "tn", "acme"))
        .containsExactly(
            List.of("NAME", "STATE", "ACCESS", "VERSION", "OUTCOME", "LAST-RUN", "AGE"),
            List.of("acme", "Active", "ReadWrite", "104", "Failed", "v105", "<age>"));
    assertThat(rows("get", "tn", "acme", "-o", "wide"))
        .containsExactly(
            List.of(
                "NAME",
                "STATE",
                "ACCESS",
                "VERSION",
                "OUTCOME",
                "LAST-RUN",
                "AGE",
                "REASON",
                "PENDING",
                "MIN-CODE",
                "SERVER"),
            List.of(
                "acme",
                "Active",
                "ReadWrite",
                "104",
                "Failed",
                "v105",
                "<age>",
                "LockTimeout",
                "3",
                "2.14.0",
                "pg-1.db.svc"));
    assertThat(rows("get", "tn", "--field-selector", "status.lastRun.outcome=Failed")).hasSize(2);
  }

  @Test
  void runsShowTheirColumns() throws Exception {
    client.resource(Manifest.run("v105").build()).create();
    status(
        "TenantMigrationRun",
        "v105",
        """
        {phase: Running, headVersion: '105', cohortProgress: 2/5, abortCount: 1,
         nextCohortTime: '2026-11-21T00:00:00Z',
         totals: {tenants: 311, pending: 200, running: 0, succeeded: 80, alreadyCurrent: 19,
                  failed: 12, skipped: 0, done: 99},
         conditions: [{type: Stalled, status: "False", reason: Moving, message: '',
                       lastTransitionTime: '2026-11-21T00:00:00Z'},
                      {type: Ready, status: "False", reason: WaitingForStagger, message: '',
                       lastTransitionTime: '2026-11-21T00:00:00Z'}]}
        """);
    assertThat(rows("get", "tmr", "v105"))
        .containsExactly(
            List.of(
                "NAME", "PHASE", "TARGET", "COHORT", "DONE", "FAILED", "TOTAL", "ABORTS", "AGE"),
            List.of("v105", "Running", "105", "2/5", "99", "12", "311", "1", "<age>"));
    assertThat(rows("get", "tmr", "v105", "-o", "wide"))
        .containsExactly(
            List.of(
                "NAME",
                "PHASE",
                "TARGET",
                "COHORT",
                "DONE",
                "FAILED",
                "TOTAL",
                "ABORTS",
                "AGE",
                "REASON",
                "NEXT-COHORT"),
            List.of(
                "v105",
                "Running",
                "105",
                "2/5",
                "99",
                "12",
                "311",
                "1",
                "<age>",
                "WaitingForStagger",
                "2026-11-21T00:00:00Z"));
  }

  @Test
  void kubectlExplainsWhatAFieldIsFor() throws Exception {
    assertThat(kubectl("explain", "tmr.spec.rollout.abortRate"))
        .contains("Share of failed tenants in one cohort at which the run");
    assertThat(kubectl("explain", "tn")).contains("One tenant's database or schema.");
  }

  @Test
  void aRefusalReachesTheTerminalWithFieldAndAdvice() throws Exception {
    client.resource(Manifest.run("refused").build()).create();
    assertThat(
            kubectl("patch", "tmr", "refused", "--type=merge", "-p", "{\"spec\":{\"attempt\":2}}"))
        .isEqualTo(
            "The TenantMigrationRun \"refused\" is invalid: spec.attempt: Forbidden: the present"
                + " attempt has not ended: wait with kubectl wait --for=condition=Finished, or end"
                + " it with spec.abort: true; when the run is Aborted or CompletedWithFailures and"
                + " status.attempt shows the present attempt, raise it by one");
  }

  @Test
  void kubectlRefusesAFieldThatDoesNotExist() throws Exception {
    Path manifest = directory.resolve("run.yaml");
    Files.writeString(
        manifest, Manifest.run("unknown").with("spec.rollout.maxSurge", 1).toString());
    assertThat(kubectl("create", "-f", manifest.toString()))
        .contains("strict decoding error: unknown field \"spec.rollout.maxSurge\"");
  }

  private List<List<String>> rows(String... arguments) throws Exception {
    return kubectl(arguments)
        .lines()
        .map(line -> line.replaceFirst(" \\d+[sm]( |$)", " <age>$1"))
        .map(line -> List.of(line.trim().split("\\s+")))
        .toList();
  }

  private String kubectl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ApiServer.kubectl().toString());
    command.addAll(
        List.of("--kubeconfig", kubeConfig.toString(), "--namespace", client.getNamespace()));
    command.addAll(List.of(arguments));
    File output = directory.resolve("output").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s ended", command).isTrue();
    return Files.readString(output.toPath()).strip();
  }

  private void status(String kind, String name, String status) {
    client
        .genericKubernetesResources("fleetway.dev/v1alpha1", kind)
        .withName(name)
        .subresource("status")
        .patch(MERGE, Manifest.yaml("{status: " + status + "}").toString());
  }
}
