package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class WaitCommandIT extends ClusterCommands {
  @Test
  void endsWithZeroWhenAllTenantsAreAtTheTarget() {
    given().afterTurn("04-all-succeed");

    Ran ran = fleetway("wait", "v105");

    assertThat(ran.exitCode()).isZero();
    assertGolden("wait-succeeded.txt", ran.out());
    assertGolden("wait-succeeded-talk.txt", ran.err());
  }

  @Test
  void endsWithTwoAndTheCausesWhenTheRunIsAborted() {
    given().afterTurn("05-a-cohort-aborts");

    Ran ran = fleetway("wait", "v105");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertGolden("wait-aborted.txt", ran.out());
  }

  @Test
  void saysThatTheRunAwaitsPromotionAndGivesUpInTime() {
    given().afterTurn("07-promotion-is-awaited");

    Ran ran = fleetway("wait", "v105", "--timeout", "1s");

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err())
        .contains("v105 awaits promotion: fleetway promote v105")
        .contains("gave up waiting after 1s; the run goes on: fleetway status v105");
  }

  @Test
  void doesNotTakeTheEndOfTheLastAttemptForThatOfThisOne()
      throws ExecutionException, InterruptedException {
    given().afterTurn("05-a-cohort-aborts");
    assertThat(fleetway("resume", "v105", "--yes").exitCode()).isZero();

    CompletableFuture<Ran> waiting =
        CompletableFuture.supplyAsync(() -> fleetway("wait", "v105", "--timeout", "2s"));

    assertThat(waiting.get().exitCode()).isEqualTo(3);
  }

  @Test
  void waitsForARunThatIsNotThereYet() throws ExecutionException, InterruptedException {
    CompletableFuture<Ran> waiting =
        CompletableFuture.supplyAsync(() -> fleetway("wait", "v105", "--appear", "1m"));
    given().afterTurn("04-all-succeed");

    assertThat(waiting.get().exitCode()).isZero();
    assertThat(fleetway("wait", "v106", "--appear", "1s").err())
        .contains("waiting for v106 to be created")
        .contains("no run v106 in namespace");
  }

  @Test
  void refusesATimeThatIsNone() {
    assertThat(fleetway("wait", "v105", "--timeout", "-5s").err())
        .contains("'-5s' is no duration such as 90s");

    Ran ran = fleetway("wait", "v105", "--timeout", "soon");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).contains("'soon' is no duration such as 90s, 2m or 1h30m");
  }
}
