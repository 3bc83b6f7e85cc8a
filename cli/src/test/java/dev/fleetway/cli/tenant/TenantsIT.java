package dev.fleetway.cli.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.CommandRun;
import dev.fleetway.cli.testing.Ran;
import io.fabric8.kubernetes.api.model.Event;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code tenants list}, {@code show} and {@code set-state}. */
class TenantsIT extends ClusterCommands {
  @Test
  void listsThoseWithALabel() {
    givenTheFleet();

    assertThat(fleetway("tenants", "list", "-l", "tier=gold", "-o", "yaml").out())
        .contains("name: acme", "name: globex")
        .doesNotContain("hooli");
  }

  @Test
  void showsOneTenant() {
    givenTheFleet();

    assertGolden("tenants-show-failed.txt", fleetway("tenants", "show", "globex").out());
    assertGolden("tenants-show-new.txt", fleetway("tenants", "show", "initech").out());
    assertThat(fleetway("tenants", "show", "globex", "-o", "json").out())
        .contains("\"kind\": \"Tenant\"", "\"reason\": \"LockTimeout\"")
        .doesNotContain("managedFields");
    Ran ran = fleetway("tenants", "show", "globx");
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err())
        .startsWith("fleetway: no tenant globx in namespace " + namespace())
        .contains("globex")
        .hasLineCount(1);
  }

  @Test
  void setsAStateWithItsReasonAndLeavesATrace() {
    givenTheFleet();

    Ran ran =
        fleetway(
            "tenants",
            "set-state",
            "acme",
            "globex",
            "ReadOnly",
            "--reason",
            "moves \"tonight\"",
            "--yes");

    assertThat(ran)
        .isEqualTo(
            new Ran(
                0,
                "NAME     FROM       TO\nacme     Active     ReadOnly\nglobex   ReadOnly   ReadOnly\n",
                ""));
    Tenant acme = tenant("acme");
    assertThat(acme.getSpec().state()).isEqualTo(State.ReadOnly);
    assertThat(acme.getStatus().schemaVersion()).isEqualTo("112");
    Map<String, String> annotations = acme.getMetadata().getAnnotations();
    assertThat(annotations)
        .containsEntry("fleetway.dev/state-reason", "moves \"tonight\"")
        .containsEntry("fleetway.dev/state-set-at", CommandRun.NOW.toString());
    String who = annotations.get("fleetway.dev/state-set-by");
    assertThat(who).isNotBlank();
    assertThat(tenant("globex").getMetadata().getAnnotations()).isNullOrEmpty();
    List<Event> events = client().v1().events().inNamespace(namespace()).list().getItems();
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getInvolvedObject().getName()).isEqualTo("acme");
    assertThat(events.get(0).getReason()).isEqualTo("StateSet");
    assertThat(events.get(0).getMessage())
        .isEqualTo("Active → ReadOnly by " + who + ": moves \"tonight\"");
    assertThat(fleetway("tenants", "show", "acme").out())
        .contains("ReadOnly since 2026-11-21 19:00:00 CET by " + who + ": moves \"tonight\"");
  }

  @Test
  void asksAPersonAndRefusesAPipelineThatDidNotSayYes() {
    givenTheFleet();
    String[] command = {
      "tenants", "set-state", "-l", "tier=silver", "suspended", "--reason", "why"
    };

    Ran piped = fleetway(command);
    assertThat(piped.exitCode()).isEqualTo(4);
    assertThat(piped.err())
        .isEqualTo(
            "fleetway: there is no terminal to ask at (\"Set 2 tenants (hooli, initech) to"
                + " Suspended?\"): say --yes\n");
    Ran no = fleetway(CommandRun.answering("n\n"), command);
    assertThat(no.exitCode()).isEqualTo(1);
    assertThat(tenant("hooli").getSpec().state()).isEqualTo(State.Active);
    Ran yes = fleetway(CommandRun.answering("y\n"), command);
    assertThat(yes.exitCode()).isZero();
    assertThat(tenant("hooli").getSpec().state()).isEqualTo(State.Suspended);
    Ran again = fleetway(command);
    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).isEqualTo("nothing to do: 3 of 3 are Suspended\n");
  }

  @Test
  void saysWhatIsWrongWithTheChoice() {
    givenTheFleet();

    assertLine("the last word, globex, is no state", "acme", "globex");
    assertLine("name tenants, or choose them with --selector", "ReadOnly");
    assertLine("name tenants, or choose them with --selector", "acme", "ReadOnly", "-l", "a=b");
    assertThat(fleetway("tenants", "set-state", "acme", "ReadOnly", "--reason", " ").err())
        .startsWith("fleetway: --reason is empty");
    assertLine("has the labels tier=bronze", "ReadOnly", "-l", "tier=bronze");
    assertLine("no tenant acne in namespace", "acne", "ReadOnly");
  }

  private void assertLine(String part, String... words) {
    String[] command = new String[words.length + 4];
    System.arraycopy(new String[] {"tenants", "set-state"}, 0, command, 0, 2);
    System.arraycopy(words, 0, command, 2, words.length);
    command[words.length + 2] = "--reason";
    command[words.length + 3] = "why";
    Ran ran = fleetway(command);
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).startsWith("fleetway: ").contains(part).hasLineCount(1);
  }

  private Tenant tenant(String name) {
    return client().resources(Tenant.class).inNamespace(namespace()).withName(name).require();
  }

  private void givenTheFleet() {
    given().of(Path.of("src", "test", "resources", "fleet-of-tenants.yaml"));
  }
}
