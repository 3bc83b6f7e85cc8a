package dev.fleetway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.testing.Ran;
import org.junit.jupiter.api.Test;

class CompletionCommandTest {
  @Test
  void printsAScriptThatKnowsEveryCommand() {
    Ran ran = CommandRun.piped().run("completion");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains("complete -F _complete_fleetway", "--cohort-sizes", "runs", "prune");
  }

  @Test
  void saysWhichCommandSomebodyMayHaveMeant() {
    Ran ran = CommandRun.piped().run("stauts");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("stauts", "Did you mean", "status");
  }

  @Test
  void endsWithZeroAndTheTextOnStdoutWhenHelpIsAskedFor() {
    Ran ran = CommandRun.piped().run("wait", "--help");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).startsWith("Usage: fleetway wait [OPTIONS] NAME");
  }
}
