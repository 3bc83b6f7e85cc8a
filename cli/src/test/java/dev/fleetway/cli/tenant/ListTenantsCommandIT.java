package dev.fleetway.cli.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import org.junit.jupiter.api.Test;

class ListTenantsCommandIT extends ClusterCommands {
  @Test
  void listsTheFleetInEachFormat() {
    given().afterTurn("05-a-cohort-aborts");

    Ran table = fleetway("tenants", "list");

    assertThat(table.err()).isEmpty();
    assertThat(table.exitCode()).isZero();
    assertGolden("tenants-list.txt", table.out());
    assertGolden("tenants-list.json", fleetway("tenants", "list", "-o", "json").out());
    assertGolden("tenants-list.csv", fleetway("tenants", "list", "-o", "csv").out());
  }
}
