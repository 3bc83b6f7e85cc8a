package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.ClusterCommands;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The program itself, by its launcher, on a terminal of its own. */
class LiveViewIT extends ClusterCommands {
  private static final Path LAUNCHER = Path.of("target", "fleetway").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @Test
  void drawsARunUntilItEndsAndLeavesTheEndOnTheScreen() throws Exception {
    given().beforeTurn("05-a-cohort-aborts");

    try (Screen screen = start("status", "v105")) {
      screen.awaitText("v105 Running");
      screen.awaitText("cohort 2");
      screen.awaitText("█");
      screen.awaitText("Ctrl-C stops watching, not the run.");
      given().statusAfterTurn("05-a-cohort-aborts");
      screen.awaitText("v105 Aborted");
      screen.awaitText("fleetway resume v105");
      assertThat(screen.exitCode()).isZero();
    }
  }

  @Test
  void stopsWatchingAtCtrlCAndLeavesTheRunAlone() throws Exception {
    given().beforeTurn("05-a-cohort-aborts");

    try (Screen screen = start("status", "v105")) {
      screen.awaitText("Ctrl-C stops watching");
      screen.type("\u0003");
      screen.awaitText("stopped watching; the run goes on: fleetway status v105");
      assertThat(screen.exitCode()).isEqualTo(130);
    }
    TenantMigrationRun run = client().resources(TenantMigrationRun.class).withName("v105").get();
    assertThat(run.getSpec().abort()).isFalse();
    assertThat(run.getSpec().suspend()).isFalse();
  }

  @Test
  void cutsWhatIsTooLongForANarrowTerminal() throws Exception {
    given().beforeTurn("05-a-cohort-aborts");

    try (Screen screen = start(40, "xterm-256color", "status", "v105")) {
      screen.awaitText("Ctrl-C stops watching");
      assertThat(screen.plain())
          .contains("v105 Running, target 105")
          .doesNotContain("about 3m left");
    }
  }

  @Test
  void drawsNothingOnATerminalThatCannotBeDrawnOn() throws Exception {
    given().beforeTurn("05-a-cohort-aborts");

    try (Screen screen = start(100, "dumb", "status", "v105")) {
      assertThat(screen.exitCode()).isZero();
      screen.awaitText("v105 Running, target 105");
      assertThat(screen.plain()).doesNotContain("Ctrl-C");
    }
  }

  private Screen start(String... command) throws IOException {
    return start(100, "xterm-256color", command);
  }

  private Screen start(int columns, String term, String... command) throws IOException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("TERM", term);
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.remove("NO_COLOR");
    String[] all = new String[command.length + 5];
    all[0] = LAUNCHER.toString();
    System.arraycopy(command, 0, all, 1, command.length);
    all[command.length + 1] = "--kubeconfig";
    all[command.length + 2] = kubeconfig().toString();
    all[command.length + 3] = "-n";
    all[command.length + 4] = namespace();
    return new Screen(
        new PtyProcessBuilder(all)
            .setEnvironment(environment)
            .setInitialColumns(columns)
            .setInitialRows(30)
            .start());
  }

  /** What the program writes, collected by a thread of its own. */
  private static final class Screen implements AutoCloseable {
    private final PtyProcess process;
    private final Queue<String> text = new ConcurrentLinkedQueue<>();

    private Screen(PtyProcess process) {
      this.process = process;
      Thread reader = new Thread(this::read, "screen");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      byte[] buffer = new byte[8192];
      try (InputStream out = process.getInputStream()) {
        int count = out.read(buffer);
        while (count > 0) {
          text.add(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
          count = out.read(buffer);
        }
      } catch (IOException e) {
        text.add("[closed]");
      }
    }

    void awaitText(String wanted) {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(plain()).contains(wanted));
    }

    /** Without escape sequences; a cursor that moves right counts as blanks. */
    private String plain() {
      // a character may lie across two reads
      byte[] bytes = String.join("", text).getBytes(StandardCharsets.ISO_8859_1);
      return new String(bytes, StandardCharsets.UTF_8)
          .replaceAll("\u001b\\[\\d*C", " ")
          .replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
          .replaceAll("\u001b[()][A-Z0-9]", "");
    }

    void type(String keys) throws IOException {
      process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    int exitCode() throws InterruptedException {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
