package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PlanCommandIT extends ClusterCommands {
  @Test
  void showsWhatARunInModePlanFound() {
    given().afterTurn("16-a-plan-run-is-finished");
    String name =
        client()
            .resources(TenantMigrationRun.class)
            .list()
            .getItems()
            .get(0)
            .getMetadata()
            .getName();

    Ran ran = fleetway("plan", name);

    assertThat(ran.exitCode()).isEqualTo(1);
    assertGolden("plan-run.txt", ran.out());
    assertGolden("plan-run-talk.txt", ran.err());
    assertGolden("plan-run.json", fleetway("plan", name, "-o", "json").out());
  }

  @Test
  void showsWhatARunWouldFreezeBeforeThereIsOne() throws IOException {
    given().beforeTurn("05-a-cohort-aborts");
    Path bundle = Files.createDirectory(directory().resolve("bundle"));
    for (String script : new String[] {"V104__a.sql", "V105__b.sql", "V106__c.sql"}) {
      Files.writeString(
          bundle.resolve(script), "CREATE TABLE t (id int);\n", StandardCharsets.UTF_8);
    }

    Ran ran =
        fleetway(
            "plan",
            "v106",
            "--bundle",
            bundle.toString(),
            "--cohort-sizes",
            "1,3",
            "--selector",
            "!legacy",
            "--only",
            "acme,nobody");

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
    assertGolden("plan-preview.txt", ran.out());
    assertThat(ran.err())
        .startsWith(
            "v106 would be: 6 tenants in 3 cohorts, 5 with something pending, 1 with problems");
  }

  @Test
  void saysThatAPlanIsGone() {
    given().afterTurn("04-all-succeed");
    client().configMaps().delete();

    Ran ran = fleetway("plan", "v105");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo("fleetway: v105 has a plan no more: somebody deleted its ConfigMaps\n");
  }

  @Test
  void saysThatThereIsNoSuchRunAndNoBundle() {
    Ran ran = fleetway("plan", "v106");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).startsWith("fleetway: no run v106 in namespace");
  }
}
