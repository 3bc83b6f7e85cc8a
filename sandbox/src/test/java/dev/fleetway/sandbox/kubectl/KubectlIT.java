package dev.fleetway.sandbox.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxFixture;
import dev.fleetway.sandbox.fleet.Bundle;
import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.fleet.RunManifest;
import dev.fleetway.sandbox.postgres.TenantServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A person with kubectl at the embedded API, as {@code ./sandbox/run --serve} offers it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlIT {
  private static final List<String> TENANTS = Fleet.names(3);
  private static final String NO_KUBECTL = "no kubectl in KUBE_API_TEST_DIR or PATH";

  private Sandbox sandbox;
  private Kubectl kubectl;
  private String fleet;

  @BeforeAll
  void migrateAFleetWithKubectl(@TempDir Path home) throws IOException, InterruptedException {
    Optional<Path> program = Kubectl.find();
    if (program.isEmpty() && "true".equals(System.getenv("CI"))) {
      throw new IllegalStateException(NO_KUBECTL + "; with CI=true this must not be skipped");
    }
    Assumptions.assumeTrue(program.isPresent(), NO_KUBECTL);
    sandbox = SandboxFixture.onEmbeddedApi("kubectl");
    kubectl = new Kubectl(program.get(), sandbox.kubeconfig(), home);
    TenantServer postgres = sandbox.postgres();
    postgres.createDatabases(TENANTS.stream().map(Fleet::database).toList());
    fleet =
        new Fleet(
                "default",
                TENANTS,
                postgres.host(),
                postgres.port(),
                TenantServer.USER,
                postgres.password())
            .manifests().stream().map(Serialization::asYaml).collect(Collectors.joining("\n"));
    ok(fleet, "apply", "-f", "-");
    ok(
        Serialization.asYaml(Bundle.sample().toConfigMap("default", "migrations")),
        "apply",
        "-f",
        "-");
    ok(
        new RunManifest("default", "first", "migrations", null, List.of(1, 2)).toYaml(),
        "apply",
        "-f",
        "-");
    ok("", "wait", "--for=condition=Finished", "tmr/first", "--timeout=90s");
  }

  @AfterAll
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  private String ok(String input, String... arguments) throws IOException, InterruptedException {
    Kubectl.Answer answer = kubectl.run(input, arguments);
    assertThat(answer.code()).as(answer.output()).isZero();
    return answer.output();
  }

  @Test
  void printsRunsWithTheirColumns() throws Exception {
    List<String> lines = ok("", "get", "tmr", "first").lines().toList();

    assertThat(lines.get(0).split("\\s+"))
        .containsExactly(
            "NAME", "PHASE", "TARGET", "COHORT", "DONE", "FAILED", "TOTAL", "ABORTS", "AGE");
    assertThat(lines.get(1)).matches("first +Succeeded +112 +2/2 +3 +0 +3 +0 +\\S+");
  }

  @Test
  void printsTenantsWithTheirWideColumnsAndBySelectableField() throws Exception {
    String wide = ok("", "get", "tn", "-o", "wide", "--field-selector", "status.schemaVersion=112");

    assertThat(wide.lines()).hasSize(4);
    assertThat(wide.lines().findFirst().orElseThrow()).contains("REASON", "MIN-CODE", "SERVER");
    assertThat(wide)
        .containsPattern("tenant-001 +Active +ReadWrite +112 +(Succeeded|AlreadyCurrent) ");
    assertThat(ok("", "get", "tn", "--field-selector", "status.schemaVersion!=112"))
        .contains("No resources found");
  }

  @Test
  void printsYamlAndJsonPath() throws Exception {
    assertThat(ok("", "get", "tmr", "first", "-o", "jsonpath={.status.phase}"))
        .isEqualTo("Succeeded");
    assertThat(ok("", "get", "tmr", "first", "-o", "yaml")).contains("bundleDigest: sha256:");
  }

  @Test
  void appliesTheSameManifestsAgainWithoutAChange() throws Exception {
    assertThat(ok(fleet, "apply", "-f", "-").lines().filter(line -> line.contains("/tenant-001 ")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).endsWith("unchanged"));
  }

  @Test
  void patchesAndDescribes() throws Exception {
    ok(
        "",
        "patch",
        "tn",
        "tenant-003",
        "--type",
        "merge",
        "-p",
        "{\"spec\":{\"state\":\"ReadOnly\"}}");
    ok("", "wait", "--for=jsonpath={.status.access}=ReadOnly", "tn/tenant-003", "--timeout=30s");

    assertThat(ok("", "describe", "tn", "tenant-003")).contains("Access:", "ReadOnly");
    assertThat(ok("", "describe", "tmr", "first"))
        .contains("Phase:", "Succeeded")
        .containsPattern("(?s)Events:.*Normal");
  }

  @Test
  void refusesWhatTheSchemaForbids() throws Exception {
    Kubectl.Answer answer =
        kubectl.run(
            "",
            "patch",
            "tn",
            "tenant-001",
            "--type",
            "json",
            "-p",
            "[{\"op\":\"add\",\"path\":\"/spec/state\",\"value\":\"Asleep\"}]");

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.output()).contains("spec.state", "Active");
  }

  @Test
  void deletesARunAndWhatItOwns() throws Exception {
    ok(
        new RunManifest("default", "second", "migrations", null, List.of(3)).toYaml(),
        "apply",
        "-f",
        "-");
    ok("", "wait", "--for=condition=Finished", "tmr/second", "--timeout=60s");

    ok("", "delete", "tmr", "second", "--timeout=30s");

    assertThat(ok("", "get", "jobs,pods,cm", "-l", "fleetway.dev/run=second"))
        .contains("No resources found");
  }
}
