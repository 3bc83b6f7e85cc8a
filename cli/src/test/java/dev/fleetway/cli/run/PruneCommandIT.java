package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import java.util.List;
import org.junit.jupiter.api.Test;

class PruneCommandIT extends ClusterCommands {
  @Test
  void deletesTheOldestEndedRunsAndNeverTheLastNorOneThatGoesOn() {
    given().afterTurn("04-all-succeed", "v101");
    given().afterTurn("04-all-succeed", "v102");
    given().afterTurn("04-all-succeed", "v103");
    given().afterTurn("02-the-first-cohort-starts", "v104");

    Ran dry = fleetway("runs", "prune", "--keep", "1", "--dry-run");
    assertThat(dry.out()).contains("v101", "v102").doesNotContain("v103", "v104");
    assertThat(names()).containsExactly("v101", "v102", "v103", "v104");

    Ran ran = fleetway("runs", "prune", "--keep", "2", "--yes");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(names()).containsExactly("v102", "v103", "v104");

    fleetway("runs", "prune", "--keep", "0", "--yes");
    assertThat(names()).containsExactly("v103", "v104");
  }

  private List<String> names() {
    return client().resources(TenantMigrationRun.class).list().getItems().stream()
        .map(run -> run.getMetadata().getName())
        .toList();
  }
}
