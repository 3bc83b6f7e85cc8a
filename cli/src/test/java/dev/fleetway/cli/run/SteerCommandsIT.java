package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.CommandRun;
import dev.fleetway.cli.testing.Ran;
import org.junit.jupiter.api.Test;

class SteerCommandsIT extends ClusterCommands {
  @Test
  void resumesAnAbortedRunWithItsNextAttemptAndNewSettings() {
    given().afterTurn("05-a-cohort-aborts");

    Ran ran =
        fleetway(
            "resume",
            "v105",
            "--yes",
            "--set",
            "execution.tenantTimeout=10m",
            "--set",
            "execution.retries=5",
            "--set",
            "rollout.abortRate=60%",
            "--set",
            "compatibility.codeVersion=2.14.0");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err())
        .isEqualTo(
            "v105, attempt 2: it goes on with cohort 2. To watch it: fleetway status v105\n");
    assertThat(spec().attempt()).isEqualTo(2);
    assertThat(spec().execution().tenantTimeout()).isEqualTo("10m");
    assertThat(spec().execution().retries()).isEqualTo(5);
    assertThat(spec().rollout().abortRate()).isEqualTo("60%");
    assertThat(spec().rollout().cohortSizes()).containsExactly(1, 2);
    assertThat(spec().compatibility().codeVersion()).isEqualTo("2.14.0");
  }

  @Test
  void refusesASecondAttemptBeforeTheFirstWasSeen() {
    given().afterTurn("05-a-cohort-aborts");
    fleetway("resume", "v105", "--yes");

    Ran ran = fleetway("resume", "v105", "--yes");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo("fleetway: attempt 2 of v105 was asked for already: fleetway wait v105\n");
    assertThat(spec().attempt()).isEqualTo(2);
  }

  @Test
  void refusesAFieldThatDoesNotExistAndOneThatIsFrozen() {
    given().afterTurn("05-a-cohort-aborts");

    Ran typo = fleetway("resume", "v105", "--yes", "--set", "execution.tenantTimout=10m");
    Ran frozen = fleetway("resume", "v105", "--yes", "--set", "rollout.cohortSizes=[5]");

    assertThat(typo.exitCode()).isEqualTo(4);
    assertThat(typo.err())
        .isEqualTo(
            "fleetway: the cluster refused it: unknown field \"spec.execution.tenantTimout\"\n");
    assertThat(frozen.exitCode()).isEqualTo(4);
    assertThat(frozen.err()).contains("--set rollout.cohortSizes cannot change with an attempt");
    assertThat(spec().attempt()).isEqualTo(1);
  }

  @Test
  void saysWhatIsWrongWithAValueAndNothingElse() {
    given().afterTurn("05-a-cohort-aborts");

    Ran number = fleetway("resume", "v105", "--yes", "--set", "execution.tenantTimeout=10");
    Ran timeout = fleetway("resume", "v105", "--yes", "--timeout", "5m");

    assertThat(number.exitCode()).isEqualTo(4);
    assertThat(number.err()).contains("must be of type string").doesNotContain("<nil>");
    assertThat(timeout.exitCode()).isEqualTo(4);
    assertThat(timeout.err()).isEqualTo("fleetway: --timeout limits --wait: say that too\n");
    assertThat(spec().attempt()).isEqualTo(1);
  }

  @Test
  void asksAtATerminalAndTakesOnlyAYes() {
    given().afterTurn("03-a-cohort-closes");

    Ran no = fleetway(CommandRun.answering("n\n"), "suspend", "v105");
    assertThat(no.exitCode()).isEqualTo(1);
    assertThat(no.err())
        .isEqualTo(
            "Suspend v105? The cohort at work finishes, no further one starts. [y/N] nothing was"
                + " changed\n");
    assertThat(spec().suspend()).isFalse();

    Ran yes = fleetway(CommandRun.answering("y\n"), "suspend", "v105");
    assertThat(yes.exitCode()).isZero();
    assertThat(spec().suspend()).isTrue();
  }

  @Test
  void doesNothingWithoutAYesWhereNobodyCanBeAsked() {
    given().afterTurn("03-a-cohort-closes");

    Ran ran = fleetway("abort", "v105");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).contains("there is no terminal to ask at").endsWith("say --yes\n");
    assertThat(spec().abort()).isFalse();
  }

  @Test
  void goesOnWithASuspendedRunAndStopsOne() {
    given().afterTurn("10-suspended");

    assertThat(fleetway("resume", "v105", "--yes").exitCode()).isZero();
    assertThat(spec().suspend()).isFalse();

    // the operator has not seen it yet
    Ran again = fleetway("resume", "v105", "--yes");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).isEqualTo("fleetway: v105 goes on already: fleetway status v105\n");

    assertThat(fleetway("abort", "v105", "--yes").exitCode()).isZero();
    assertThat(spec().abort()).isTrue();
  }

  @Test
  void namesPromoteForARunThatAwaitsItAndPromotesIt() {
    given().afterTurn("07-promotion-is-awaited");

    Ran resume = fleetway("resume", "v105", "--yes");
    assertThat(resume.exitCode()).isEqualTo(1);
    assertThat(resume.err()).endsWith("fleetway promote v105\n");

    Ran promote = fleetway("promote", "v105", "--yes");
    assertThat(promote.exitCode()).as(promote.err()).isZero();
    assertThat(spec().promote()).isTrue();
  }

  @Test
  void refusesWhatHasNoUseAfterTheEnd() {
    given().afterTurn("04-all-succeed");

    for (String verb : new String[] {"suspend", "resume", "promote", "abort", "retry"}) {
      Ran ran = fleetway(verb, "v105", "--yes");
      assertThat(ran.exitCode()).as(verb).isEqualTo(1);
      assertThat(ran.err())
          .isEqualTo(
              "fleetway: v105 has ended (Succeeded): there is nothing to %s\n".formatted(verb));
    }
  }

  private TenantMigrationRunSpec spec() {
    return client().resources(TenantMigrationRun.class).withName("v105").get().getSpec();
  }
}
