package dev.fleetway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.MarkdownPage;
import dev.fleetway.api.testing.MarkdownPage.Fence;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.runner.testing.TestPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Does what {@code docs/import.md} says, from top to bottom, in a shell. */
class ImportPageIT extends ClusterCommands {
  private static final Path PAGE = Path.of("..", "docs", "import.md");

  @Test
  void everyCommandOfThePageWorks() throws IOException, InterruptedException {
    TestPostgres postgres = TestPostgres.shared(TestPostgres.Version.NEWEST);
    postgres.createDatabase("master", "reader", "reader-s3cret");
    List<Fence> fences = MarkdownPage.of(PAGE).fences();
    fences.stream()
        .filter(fence -> fence.language().equals("sql"))
        .forEach(fence -> postgres.execute("master", fence.content()));
    postgres.execute("master", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    program(
        "fleetway",
        "exec '%s' --kubeconfig '%s' -n %s \"$@\""
            .formatted(
                Path.of("target", "fleetway").toAbsolutePath(),
                directory().resolve("kubeconfig"),
                namespace()));
    program("decrypt-password", "exec tr a-z n-za-m");
    Files.writeString(directory().resolve("reader-password"), "reader-s3cret\n");
    String script =
        String.join(
            "\n",
            fences.stream()
                .filter(fence -> fence.language().equals("sh"))
                .map(Fence::content)
                .toList());

    Path output = directory().resolve("output");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-eu", "-c", script)
            .directory(directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell
        .environment()
        .put("PATH", directory().resolve("bin") + File.pathSeparator + System.getenv("PATH"));
    shell
        .environment()
        .put(
            "MASTER_URL",
            "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/master");
    int code = shell.start().waitFor();

    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(code).as(said).isZero();
    assertThat(said).doesNotContain("s3cret", "f3perg", "pass, word");
    for (Fence fence : fences) {
      if (fence.language().equals("console")) {
        assertThat(said).contains(fence.content());
      }
    }
    assertThat(client().resources(Tenant.class).inNamespace(namespace()).list().getItems())
        .extracting(tenant -> tenant.getMetadata().getName())
        .containsExactly("acme", "globex", "hooli", "initech", "umbrella");
    Tenant umbrella =
        client().resources(Tenant.class).inNamespace(namespace()).withName("umbrella").require();
    assertThat(umbrella.getSpec().state()).isEqualTo(State.ReadOnly);
    assertThat(umbrella.getSpec().database().credentialsSecretRef().name())
        .isEqualTo("umbrella-login");
  }

  private void program(String name, String line) throws IOException {
    Path bin = Files.createDirectories(directory().resolve("bin"));
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
