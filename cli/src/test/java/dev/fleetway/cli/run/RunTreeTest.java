package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class RunTreeTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:01:40Z");

  @Test
  void showsACohortAtWork() throws IOException {
    assertTree("tree-at-work.txt", new RunTree(100, 30, true), run("05-a-cohort-aborts", false));
  }

  @Test
  void showsAnAbortWithItsFailures() throws IOException {
    assertTree("tree-aborted.txt", new RunTree(100, 30, true), run("05-a-cohort-aborts", true));
  }

  @Test
  void doesWithoutBlockCharacters() throws IOException {
    assertTree("tree-ascii.txt", new RunTree(80, 24, false), run("03-a-cohort-closes", true));
  }

  @Test
  void staysWithinASmallTerminal() throws IOException {
    List<String> lines =
        new RunTree(40, 6, true).lines(run("05-a-cohort-aborts", true), Optional.empty(), NOW);

    assertThat(lines).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void measuresTheRateOverTheLastHalfMinute() {
    Rate rate = new Rate();
    assertThat(rate.text()).isEmpty();
    rate.seen(NOW, 10);
    rate.seen(NOW.plusSeconds(10), 40);
    assertThat(rate.text()).contains("3.0 tenants/s");
    rate.seen(NOW.plusSeconds(60), 40);
    assertThat(rate.text()).isEmpty();
  }

  private static void assertTree(String golden, RunTree tree, TenantMigrationRun run) {
    String text =
        String.join("\n", tree.lines(run, Optional.of("3.1 tenants/s"), NOW)).stripTrailing();
    Golden.assertSame(golden, Ansi.OFF.string(text) + "\n");
  }

  private static TenantMigrationRun run(String golden, boolean after) throws IOException {
    Path directory = Path.of("..", "operator", "src", "test", "resources", "golden", golden);
    YAMLMapper yaml = new YAMLMapper();
    ObjectNode run = (ObjectNode) yaml.readTree(text(directory.resolve("in-run.yaml")));
    if (after) {
      run.set("status", yaml.readTree(text(directory.resolve("out-status.yaml"))).get("status"));
    }
    return yaml.treeToValue(run, TenantMigrationRun.class);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
