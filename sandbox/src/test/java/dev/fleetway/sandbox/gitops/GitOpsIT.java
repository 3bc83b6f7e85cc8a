package dev.fleetway.sandbox.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.sandbox.gitops.Shell.Answer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RealApiServer
class GitOpsIT {
  private static final Path FILES = Shell.ROOT.resolve("docs/gitops");
  private static final Path PAGE = Shell.ROOT.resolve("docs/gitops.md");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String PRESYNC = "argocd/presync/presync.yaml";
  private static final String NIGHTLY = "nightly/cronjob.yaml";

  private final ApiServer server;
  @TempDir private Path home;
  private String namespace;
  private KubernetesClient client;
  private PlayedOperator operator;
  private Shell shell;

  GitOpsIT(ApiServer server) {
    this.server = server;
  }

  @BeforeEach
  void start() throws IOException {
    namespace = server.freshNamespace("gitops");
    client = server.client(namespace);
    client
        .namespaces()
        .withName(namespace)
        .edit(
            old ->
                new NamespaceBuilder(old)
                    .editMetadata()
                    .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                    .endMetadata()
                    .build());
    operator = new PlayedOperator(client, namespace);
    shell = new Shell(ApiServer.kubectl(), kubeconfig("admin", UnaryOperator.identity()), home);
  }

  @AfterEach
  void stop() {
    operator.close();
    client.close();
  }

  private Path kubeconfig(String name, UnaryOperator<String> change) throws IOException {
    return Files.writeString(
        home.resolve(name + ".kubeconfig"),
        change.apply(
            server
                .kubeConfigYaml()
                .replaceAll("(?m)^(\\s+)(user: .*)$", "$1$2\n$1namespace: " + namespace)));
  }

  /** The administrator, who acts as a ServiceAccount and may do no more. */
  private Shell serviceAccount(String account) throws IOException {
    return shell.as(
        kubeconfig(
            account,
            yaml ->
                yaml.replaceAll(
                    "(?m)^(\\s+)(client-certificate.*)$",
                    "$1as: system:serviceaccount:" + namespace + ":" + account + "\n$1$2")));
  }

  @Test
  void everyCommandOfThePageWorks() throws IOException, InterruptedException {
    client
        .resource(
            new ConfigMapBuilder().withNewMetadata().withName("argocd-cm").endMetadata().build())
        .create();
    List<String> blocks = blocks("sh");
    for (String block : blocks) {
      Answer answer = shell.run("set -euo pipefail\n" + block);

      assertThat(answer.code()).as("%s%n%s", block, answer.output()).isZero();
    }

    assertThat(blocks).hasSizeGreaterThanOrEqualTo(9);
    Map<String, String> argo = client.configMaps().withName("argocd-cm").require().getData();
    assertThat(argo.get("resource.customizations.health.fleetway.dev_TenantMigrationRun"))
        .isEqualTo(text("argocd/fleetway.dev/TenantMigrationRun/health.lua"));
    assertThat(argo).containsKey("resource.customizations.health.fleetway.dev_Tenant");
  }

  @Test
  void theFieldsThatArgoCdIsToldToIgnoreAreFieldsOfARun() throws IOException {
    JsonNode application = YAML.readTree(blocks("yml").get(0));
    JsonNode schema =
        YAML.valueToTree(
            ApiServer.crd("tenantmigrationruns.fleetway.dev")
                .getSpec()
                .getVersions()
                .get(0)
                .getSchema()
                .getOpenAPIV3Schema());
    JsonNode pointers = application.at("/spec/ignoreDifferences/0/jsonPointers");

    assertThat(pointers).hasSize(4);
    for (JsonNode pointer : pointers) {
      assertThat(schema.at(pointer.asText().replace("/", "/properties/")).isMissingNode())
          .as(pointer.asText())
          .isFalse();
    }
  }

  @Test
  void aPipelineHearsOfAnAbortWithItsCausesAndOfARunThatTakesTooLong()
      throws IOException, InterruptedException {
    create("bad-105");
    create("slow-105");

    Answer aborted = shell.run("docs/gitops/wait-for-run bad-105 30s");
    Answer late = shell.run("docs/gitops/wait-for-run slow-105 1s");

    assertThat(aborted.code()).as(aborted.output()).isEqualTo(1);
    assertThat(aborted.output())
        .contains("Aborted: 3 of 10 tenants failed.", "3 x LockTimeout 55P03, such as acme");
    assertThat(late.code()).as(late.output()).isEqualTo(2);
    assertThat(late.output()).contains("slow-105 has not ended");
  }

  @Test
  void aRaisedAttemptIsWaitedForThoughTheOldOneHasFinished()
      throws IOException, InterruptedException {
    create("bad-105");
    assertThat(shell.run("docs/gitops/wait-for-run bad-105 30s").code()).isEqualTo(1);

    Answer resumed =
        shell.run(
            "kubectl patch tmr bad-105 --type merge -p '{\"spec\":{\"attempt\":2}}'"
                + " && docs/gitops/wait-for-run bad-105 30s");

    assertThat(resumed.code()).as(resumed.output()).isZero();
  }

  @Test
  void thePreSyncJobMayDoWhatItsScriptDoesAndFailsWithTheRun()
      throws IOException, InterruptedException {
    shell.run("kubectl apply -f docs/gitops/" + PRESYNC);
    Shell gate = serviceAccount("schema-gate");
    Map<String, String> data = client.configMaps().withName("schema-gate").require().getData();
    String script = data.get("gate").replace("/gate/run.yaml", home + "/run.yaml");

    Files.writeString(home.resolve("run.yaml"), data.get("run.yaml"));
    Answer good = gate.run(script);
    Answer again = gate.run(script);
    Files.writeString(home.resolve("run.yaml"), data.get("run.yaml").replace("v105", "bad-105"));
    Answer bad = gate.run(script);

    assertThat(good.code()).as(good.output()).isZero();
    assertThat(good.output()).contains("Succeeded: 10 tenants are at 105.");
    assertThat(again.code()).as(again.output()).isZero();
    assertThat(again.output()).contains("unchanged");
    assertThat(bad.code()).as(bad.output()).isEqualTo(1);
    assertThat(bad.output()).contains("Aborted: 3 of 10 tenants failed.");
    assertThat(gate.run("kubectl delete tmr v105").output()).contains("Forbidden");
    assertThat(gate.run("kubectl get secrets").output()).contains("Forbidden");
  }

  @Test
  void theNightlyLoginMayCreateARunWithAFittingNameAndNothingElse()
      throws IOException, InterruptedException {
    shell.run("kubectl apply -f docs/gitops/" + NIGHTLY);
    Shell nightly = serviceAccount("nightly-convergence");
    Files.writeString(
        home.resolve("run.yaml"),
        client.configMaps().withName("nightly-convergence").require().getData().get("run.yaml"));

    Answer first = nightly.run("kubectl create -f " + home + "/run.yaml");
    Answer second = nightly.run("kubectl create -f " + home + "/run.yaml");

    assertThat(first.code()).as(first.output()).isZero();
    assertThat(second.code()).as(second.output()).isZero();
    assertThat(runs()).hasSize(2).allMatch(run -> run.getMetadata().getName().length() <= 40);
    assertThat(nightly.run("kubectl delete tmr --all").output()).contains("Forbidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {PRESYNC, NIGHTLY})
  void itsPodIsAdmittedUnderTheRestrictedProfile(String file)
      throws IOException, InterruptedException {
    shell.run("kubectl apply -f docs/gitops/" + file);
    PodTemplateSpec template = template(file);
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("admitted")
            .endMetadata()
            .withSpec(template.getSpec())
            .build();

    assertThat(client.resource(pod).dryRun(true).create().getMetadata().getName())
        .isEqualTo("admitted");
  }

  private PodTemplateSpec template(String file) throws IOException {
    for (HasMetadata object : client.load(Files.newInputStream(FILES.resolve(file))).items()) {
      if (object instanceof Job job) {
        return job.getSpec().getTemplate();
      }
      if (object instanceof CronJob job) {
        return job.getSpec().getJobTemplate().getSpec().getTemplate();
      }
    }
    throw new AssertionError("no Job in " + file);
  }

  @Test
  void whatIsAppliedAgainOrReplacedChangesNothingAndTakesNothingBack()
      throws IOException, InterruptedException {
    String apply = "kubectl apply -f docs/gitops/expand/expand.yaml";
    shell.run(apply + " && docs/gitops/wait-for-run v105 30s");
    TenantMigrationRun finished = run("v105");

    Answer again = shell.run(apply);

    assertThat(again.output()).contains("v105 unchanged");
    assertThat(run("v105").getMetadata().getGeneration())
        .isEqualTo(finished.getMetadata().getGeneration());

    shell.run(
        "kubectl patch tmr v105 --type merge -p '{\"spec\":{\"suspend\":true}}'"
            + " && docs/gitops/wait-for-run v105 30s");
    assertThat(shell.run(apply).code()).isZero();
    assertThat(run("v105").getSpec().suspend()).as("what a person set at night").isTrue();

    Answer replaced = shell.run("kubectl replace -f docs/gitops/expand/expand.yaml");
    assertThat(replaced.code()).as(replaced.output()).isZero();
    assertThat(run("v105").getMetadata().getUid()).isEqualTo(finished.getMetadata().getUid());
    assertThat(run("v105").getStatus().phase()).isEqualTo(finished.getStatus().phase());
  }

  @Test
  void aReplaceThatWouldLowerTheAttemptIsRefused() throws IOException, InterruptedException {
    String yaml = text("kustomize/run.yaml").replace("name: release", "name: bad-106");
    Files.writeString(home.resolve("bad.yaml"), yaml);
    shell.run("kubectl apply -f " + home + "/bad.yaml && docs/gitops/wait-for-run bad-106 30s");
    shell.run(
        "kubectl patch tmr bad-106 --type merge -p '{\"spec\":{\"attempt\":2}}'"
            + " && docs/gitops/wait-for-run bad-106 30s");

    Answer replaced = shell.run("kubectl replace -f " + home + "/bad.yaml");

    assertThat(replaced.code()).isNotZero();
    assertThat(replaced.output()).contains("spec.attempt");
    assertThat(run("bad-106").getSpec().attempt()).isEqualTo(2);
  }

  @Test
  void helmWaitsForTheRunAndFailsWithItsMessage() throws IOException, InterruptedException {
    if (!"true".equals(System.getenv("CI"))) {
      Assumptions.assumeTrue(shell.run("helm version").code() == 0, "there is no helm on the PATH");
    }
    Answer good = shell.run(blocks("console").get(0).replaceFirst("^\\$ ", ""));
    assertThat(good.code()).as(good.output()).isZero();
    assertThat(run("v105").getStatus().phase()).isEqualTo(Phase.Succeeded);

    Answer bad =
        shell.run(
            "helm install acme-106 docs/gitops/chart --set-string release=106-bad --wait --timeout 60s");
    assertThat(bad.code()).isNotZero();
    assertThat(bad.output()).contains("v106-bad", "3 of 10 tenants failed");

    Answer slow =
        shell.run(
            "helm install acme-107 docs/gitops/chart --set-string release=107-slow --wait --timeout 3s");
    assertThat(slow.code()).as("a run that nobody has looked at").isNotZero();
  }

  @Test
  void kustomizeNamesRunAndBundleTogetherAndAnEditedScriptIsRefused(@TempDir Path copy)
      throws IOException, InterruptedException {
    shell.run("cp -r docs/gitops/kustomize " + copy + "/k && kubectl apply -k " + copy + "/k");
    TenantMigrationRun run = run("release-105");
    String bundle = run.getSpec().migrations().configMapRefs().get(0).name();
    assertThat(bundle).startsWith("acme-migrations-105-");
    assertThat(client.configMaps().withName(bundle).require().getData())
        .containsOnlyKeys("V104__orders.sql", "V105__invoices.sql");

    Path script = copy.resolve("k/migrations/V105__invoices.sql");
    Files.writeString(script, "SELECT 2;\n");
    Answer edited = shell.run("kubectl apply -k " + copy + "/k");

    assertThat(edited.code()).isNotZero();
    assertThat(edited.output()).contains("spec.migrations");
  }

  @Test
  void renovateFindsTagAndDigestOfEveryBundle() throws IOException {
    String expression =
        YAML.readTree(text("renovate.json")).at("/customManagers/0/matchStrings/0").asText();
    for (String file : List.of(PRESYNC, NIGHTLY)) {
      List<MatchResult> found = Pattern.compile(expression).matcher(text(file)).results().toList();

      assertThat(found).as(file).hasSize(1);
      assertThat(found.get(0).group(1)).isEqualTo("ghcr.io/acme/migrations");
      assertThat(found.get(0).group(2)).isEqualTo("105");
      assertThat(found.get(0).group(3)).startsWith("sha256:");
    }
  }

  @Test
  void everyFileThatThePageNamesExists() throws IOException {
    List<String> links =
        Pattern.compile("\\]\\((?!http)([^)#]+)")
            .matcher(Files.readString(PAGE))
            .results()
            .map(link -> link.group(1))
            .toList();

    assertThat(links).hasSizeGreaterThanOrEqualTo(8);
    assertThat(links).allMatch(link -> Files.exists(PAGE.resolveSibling(link)));
  }

  private void create(String name) {
    client
        .resource(
            """
            apiVersion: fleetway.dev/v1alpha1
            kind: TenantMigrationRun
            metadata: {name: %s}
            spec: {migrations: {configMapRefs: [{name: bundle}]}}
            """
                .formatted(name))
        .create();
  }

  private TenantMigrationRun run(String name) {
    return client.resources(TenantMigrationRun.class).withName(name).require();
  }

  private List<TenantMigrationRun> runs() {
    return client.resources(TenantMigrationRun.class).list().getItems();
  }

  private static String text(String file) throws IOException {
    return Files.readString(FILES.resolve(file));
  }

  /** The fenced blocks of this kind, in their order. */
  private static List<String> blocks(String kind) throws IOException {
    return Pattern.compile("(?ms)^```" + kind + "\n(.*?)^```$")
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .collect(Collectors.toList());
  }
}
