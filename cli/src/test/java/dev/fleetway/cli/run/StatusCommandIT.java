package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import org.junit.jupiter.api.Test;

class StatusCommandIT extends ClusterCommands {
  @Test
  void showsWhereARunStands() {
    given().afterTurn("05-a-cohort-aborts");

    Ran ran = fleetway("status", "v105");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertGolden("status-aborted.txt", ran.out());
  }

  @Test
  void listsAllRunsInEachFormat() {
    given().afterTurn("05-a-cohort-aborts");

    assertGolden("status-all.txt", fleetway("status").out());
    assertGolden("status-all.json", fleetway("status", "-o", "json").out());
    assertGolden("status-all.yaml", fleetway("status", "-o", "yaml").out());
    assertGolden("status-all.csv", fleetway("status", "-o", "csv").out());
  }

  @Test
  void saysWhatComesNearANameThatDoesNotExist() {
    given().afterTurn("05-a-cohort-aborts");

    Ran ran = fleetway("status", "v15");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .isEqualTo(
            "fleetway: no run v15 in namespace %s; did you mean v105?\n".formatted(namespace()));
  }

  @Test
  void saysThatThereIsNothing() {
    Ran ran = fleetway("status");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err()).isEqualTo("no runs in namespace %s\n".formatted(namespace()));
  }
}
