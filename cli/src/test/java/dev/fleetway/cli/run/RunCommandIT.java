package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.CommandRun;
import dev.fleetway.cli.testing.Ran;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunCommandIT extends ClusterCommands {
  @Test
  void createsARunThatOwnsTheScriptsOfADirectory() throws IOException {
    Path bundle = bundle("V1__a.sql", "V2__b.sql");

    Ran ran =
        fleetway(
            "run",
            "v2",
            "--bundle",
            bundle.toString(),
            "--cohort-sizes",
            "1,10,100",
            "--abort-rate",
            "5%",
            "--selector",
            "tier=gold,region in (eu,us)",
            "--only",
            "acme",
            "--gate",
            "--code-version",
            "2.14.0");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err())
        .startsWith("bundle: 2 scripts up to 2, sha256:")
        .endsWith("created v2. To watch it: fleetway status v2\n");
    TenantMigrationRun run = client().resources(TenantMigrationRun.class).withName("v2").get();
    TenantMigrationRunSpec spec = run.getSpec();
    assertThat(spec.mode()).isEqualTo(Mode.Apply);
    assertThat(spec.rollout().cohortSizes()).containsExactly(1, 10, 100);
    assertThat(spec.rollout().abortRate()).isEqualTo("5%");
    assertThat(spec.tenants().names()).containsExactly("acme");
    assertThat(spec.tenants().selector().getMatchLabels()).containsEntry("tier", "gold");
    assertThat(spec.tenants().selector().getMatchExpressions())
        .singleElement()
        .satisfies(e -> assertThat(e.getValues()).containsExactly("eu", "us"));
    assertThat(spec.compatibility().codeVersion()).isEqualTo("2.14.0");
    ConfigMap map =
        client().configMaps().withName(spec.migrations().configMapRefs().get(0).name()).get();
    assertThat(map.getImmutable()).isTrue();
    assertThat(map.getData()).containsOnlyKeys("V1__a.sql", "V2__b.sql");
    assertThat(map.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(run.getMetadata().getUid()));
  }

  @Test
  void printsManifestsForGitWithoutACluster() throws IOException {
    Path bundle = bundle("V1__a.sql");

    Ran ran =
        CommandRun.piped()
            .run(
                "run",
                "v1",
                "--bundle",
                bundle.toString(),
                "--stagger",
                "60s",
                "--plan",
                "--dry-run=client",
                "-o",
                "yaml");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertGolden("run-dry-run.yaml", ran.out());
  }

  @Test
  void createsNothingForABrokenBundle() throws IOException {
    Path bundle = bundle("V1__a.sql", "W2__b.sql");

    Ran ran = fleetway("run", "v2", "--bundle", bundle.toString());

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err())
        .startsWith("fleetway: the bundle " + bundle + " is broken: W2__b.sql: ")
        .hasLineCount(1);
    assertThat(created()).isEmpty();
  }

  @Test
  void leavesNoScriptsBehindWhenTheRunIsRefused() throws IOException {
    Path bundle = bundle("V1__a.sql");

    Ran ran = fleetway("run", "v1", "--bundle", bundle.toString(), "--abort-rate", "half");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).contains("\nfleetway: the cluster refused it: spec.rollout.abortRate: ");
    assertThat(created()).isEmpty();
  }

  @Test
  void letsTheApiServerJudgeWithoutStoringAnything() throws IOException {
    Path bundle = bundle("V1__a.sql");

    Ran good = fleetway("run", "v1", "--bundle", bundle.toString(), "--dry-run=server");
    Ran bad =
        fleetway(
            "run", "V1", "--bundle", bundle.toString(), "--dry-run=server", "--abort-rate=200%");

    assertThat(good.exitCode()).as(good.err()).isZero();
    assertThat(good.out()).contains("namespace: " + namespace());
    assertThat(bad.exitCode()).isEqualTo(4);
    assertThat(created()).isEmpty();
  }

  @Test
  void refusesWhatWouldNotDoWhatItSays() {
    Ran printed = fleetway("run", "v1", "--config-map", "sql", "-o", "yaml");
    Ran limited = fleetway("run", "v1", "--config-map", "sql", "--timeout", "5m");
    Ran named = fleetway("run", "V_1", "--config-map", "sql", "--dry-run=client");

    assertThat(printed.err())
        .isEqualTo("fleetway: -o prints the manifests of --dry-run: say that too\n");
    assertThat(limited.err()).isEqualTo("fleetway: --timeout limits --wait: say that too\n");
    assertThat(named.err()).startsWith("fleetway: V_1 is no name for a run: ");
    assertThat(named.out()).isEmpty();
    assertThat(client().resources(TenantMigrationRun.class).list().getItems()).isEmpty();
    assertThat(fleetway("status", "").err()).startsWith("fleetway: no run ");
  }

  @Test
  void refusesAnExistingNameAndTwoSources() throws IOException {
    given().afterTurn("04-all-succeed");
    Path bundle = bundle("V1__a.sql");

    Ran existing = fleetway("run", "v105", "--bundle", bundle.toString());
    Ran two = fleetway("run", "v106", "--bundle", bundle.toString(), "--image", "x");
    Ran unreadable = fleetway("run", "v106", "--bundle", "/nowhere");

    assertThat(existing.exitCode()).isEqualTo(4);
    assertThat(existing.err()).contains("a run v105 exists already");
    assertThat(two.exitCode()).isEqualTo(4);
    assertThat(two.err()).contains("say where the scripts are, once");
    assertThat(unreadable.exitCode()).isEqualTo(4);
    assertThat(unreadable.err()).contains("--bundle /nowhere is no directory that can be read");
  }

  private List<ConfigMap> created() {
    return client()
        .configMaps()
        .withLabel("app.kubernetes.io/managed-by", "fleetway-cli")
        .list()
        .getItems();
  }

  private Path bundle(String... scripts) throws IOException {
    Path bundle = Files.createDirectory(directory().resolve("bundle"));
    for (String script : scripts) {
      Files.writeString(
          bundle.resolve(script), "CREATE TABLE t (id int);\n", StandardCharsets.UTF_8);
    }
    return bundle;
  }
}
