package dev.fleetway.cli.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code check-code-version} with a login that may read Tenants and nothing else. */
class CheckCodeVersionIT extends ClusterCommands {
  private static final String APP = "app";

  @BeforeEach
  void aFleetAndAnAccountThatMayOnlyReadTenants() {
    given().of(Path.of("src", "test", "resources", "fleet-of-tenants.yaml"));
    client()
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName("code-check")
                .withNamespace(namespace())
                .endMetadata()
                .addNewRule()
                .withApiGroups("fleetway.dev")
                .withResources("tenants")
                .withVerbs("get", "list")
                .endRule()
                .build())
        .create();
    client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName("code-check")
                .withNamespace(namespace())
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "code-check")
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(APP)
                .withNamespace(namespace())
                .endSubject()
                .build())
        .create();
  }

  @Test
  void aSampleOfCodeThatWorksIsAYes() {
    Ran ran = check("2.14.0");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("initech", "Unknown").doesNotContain("acme");
    assertThat(ran.err())
        .isEqualTo(
            """
            warning: 1 of 3 sampled tenants were never migrated by a run: nothing is known of them
            yes: 2.14.0 works on 2 of 3 sampled tenants
            """);
    assertThat(check("2.14.0", "--selector", "tier=gold"))
        .isEqualTo(new Ran(0, "", "yes: 2.14.0 works on 1 of 1 sampled tenants\n"));
    assertThat(check("3.0.0-rc.1+build.7", "--sample", "1").exitCode()).isZero();
  }

  @Test
  void codeThatIsTooOldIsANoThatNamesTheTenants() {
    Ran sample = check("2.14.0-rc.1");
    assertThat(sample.exitCode()).isEqualTo(1);
    assertThat(sample.err())
        .isEqualTo(
            "no: 2.14.0-rc.1 is too old for 1 of 3 sampled tenants. Deploy what the column NEEDS"
                + " says, or newer\n");
    Ran all = check("2.8.0", "--all");
    assertThat(all.exitCode()).isEqualTo(1);
    assertGolden("check-code-version-all.txt", all.out() + "--\n" + all.err());
    assertGolden("check-code-version-all.json", check("2.8.0", "--all", "-o", "json").out());
  }

  @Test
  void aTenantOfWhichNothingIsKnownFailsTheGate() {
    Ran ran = check("9.0.0", "--all");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "no: 1 of 4 tenants were never migrated by a run: nothing is known of them. Run a"
                + " migration over them first\n");
    assertThat(check("9.0.0", "--all", "-l", "tier=gold").exitCode()).isZero();
  }

  @Test
  void nobodyToCheckIsFineForASampleAndNoAnswerForTheGate() {
    String nobody = "no tenant to check in namespace " + namespace() + " with these labels";

    assertThat(check("9.0.0", "-l", "tier=bronze"))
        .isEqualTo(
            new Ran(
                0,
                "",
                """
                warning: there is %s; if there should be one, check -n and --selector
                yes: nothing that is known speaks against 9.0.0
                """
                    .formatted(nobody)));
    assertThat(check("9.0.0", "--all", "-l", "tier=bronze"))
        .isEqualTo(new Ran(1, "", "no: there is " + nobody + ". Check -n and --selector\n"));
  }

  @Test
  void aKeyThatIsNamedTwiceMustHaveBothValues() {
    assertThat(check("9.0.0", "-l", "tier=bronze,tier=gold").err()).contains("no tenant to check");
    assertThat(check("9.0.0", "-l", "tier=gold,tier").err()).contains("yes: 9.0.0 works on 1 of 1");
  }

  @Test
  void saysWhatIsWrongInOneLine() {
    assertLine(check("2.14"), "--code-version 2.14 is no version: it must be like 2.14.0");
    assertLine(check("latest", "--all"), "--code-version latest is no version");
    assertLine(check("2.14.0", "--sample", "0"), "check at least one tenant");
    assertLine(check("2.14.0", "--sample", "3", "--all"), "mutually exclusive");
    assertLine(
        fleetway("check-code-version", "--code-version", "1.0.0", "--as", "nobody"),
        "no permission");
  }

  private static void assertLine(Ran ran, String part) {
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("fleetway: ").contains(part);
    assertThat(ran.err().lines().filter(line -> !line.startsWith("See "))).hasSize(1);
  }

  private Ran check(String version, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "check-code-version",
                "--code-version",
                version,
                "--as",
                "system:serviceaccount:" + namespace() + ":" + APP));
    words.addAll(List.of(more));
    return fleetway(words.toArray(String[]::new));
  }
}
