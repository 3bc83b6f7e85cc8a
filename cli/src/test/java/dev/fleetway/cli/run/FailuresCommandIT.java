package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import org.junit.jupiter.api.Test;

class FailuresCommandIT extends ClusterCommands {
  @Test
  void groupsFailedTenantsByCauseWithTheNextCommand() {
    given().afterTurn("05-a-cohort-aborts");

    Ran table = fleetway("failures", "v105");

    assertThat(table.exitCode()).isEqualTo(1);
    assertThat(table.err()).isEqualTo("\nwhen the causes are gone: fleetway resume v105\n");
    assertGolden("failures.txt", table.out());
    assertGolden("failures.json", fleetway("failures", "v105", "-o", "json").out());
    assertGolden("failures.yaml", fleetway("failures", "v105", "-o", "yaml").out());
    assertGolden("failures.csv", fleetway("failures", "v105", "-o", "csv").out());
  }

  @Test
  void seesTenantsThatFailedInTheCohortAtWork() {
    given().beforeTurn("05-a-cohort-aborts");

    Ran ran = fleetway("failures", "v105", "-o", "csv");

    assertGolden("failures-at-work.csv", ran.out());
  }

  @Test
  void sendsNobodyBackToAPlanThatEnded() {
    given().afterTurn("16-a-plan-run-is-finished");

    Ran ran = fleetway("failures", "v105");

    assertThat(ran.err()).endsWith("fleetway run NEW --bundle DIR --plan --wait\n");
    assertThat(ran.out()).doesNotContain("fleetway wait");
  }

  @Test
  void saysYesWhereNobodyFailed() {
    given().afterTurn("04-all-succeed");

    Ran ran = fleetway("failures", "v105");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).isEqualTo("no tenant failed in v105\n");
  }
}
