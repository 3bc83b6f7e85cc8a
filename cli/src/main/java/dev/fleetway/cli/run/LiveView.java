package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Console;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/** A run on a terminal, drawn again at each look until it ended. */
final class LiveView {
  private static final Size USUAL = new Size(100, 30);

  static {
    // Line characters as what they are: in the alternate character set some terminals show letters.
    System.setProperty("org.jline.utils.disableAlternateCharset", "true");
  }

  private final Cluster cluster;
  private final Console console;
  private final Rate rate = new Rate();

  LiveView(Cluster cluster, Console console) {
    this.cluster = cluster;
    this.console = console;
  }

  /** Watches it to its end, then leaves the plain text of the end on the screen. */
  @SuppressWarnings("try")
  ExitCode watch(String name) {
    Optional<TenantMigrationRun> ended;
    try (Terminal terminal = terminal()) {
      Display display = new Display(terminal, false);
      Runnable leave = () -> leave(terminal);
      try (Watching watching = new Watching(console, name, leave)) {
        ended =
            new RunPoll(cluster, console)
                .untilEnded(name, null, run -> draw(display, terminal, run));
      }
      clear(display);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "the terminal cannot be drawn on: say --once, or pipe it", e);
    }
    ended.ifPresent(run -> RunEnd.print(console, run));
    return ExitCode.OK;
  }

  /** By stty: a native library would take longer to load, and new JDKs warn of it. */
  private static Terminal terminal() throws IOException {
    return TerminalBuilder.builder()
        .system(true)
        .jna(false)
        .jansi(false)
        .exec(true)
        .dumb(true)
        .nativeSignals(false)
        .build();
  }

  private synchronized void draw(Display display, Terminal terminal, TenantMigrationRun run) {
    Size size = terminal.getSize();
    if (size.getColumns() <= 0 || size.getRows() <= 0) {
      size = USUAL;
    }
    int columns = size.getColumns();
    RunRow row = RunRow.of(run);
    rate.seen(console.now(), row.done() + row.failed() + row.skipped());
    List<AttributedString> lines =
        new RunTree(size.getColumns(), size.getRows(), console.terminals().unicode())
            .lines(run, rate.text(), console.now()).stream()
                .map(line -> AttributedString.fromAnsi(console.dataStyle().string(line)))
                // a line that wraps would be two, and the next drawing be off by one
                .map(line -> line.columnSubSequence(0, columns))
                .toList();
    display.resize(size.getRows(), size.getColumns());
    display.update(lines, size.cursorPos(lines.size() - 1, 0));
  }

  /** After a Ctrl-C what was drawn stays, and the shell goes on below it. */
  private static void leave(Terminal terminal) {
    terminal.writer().println();
    terminal.writer().println();
    terminal.flush();
  }

  private static void clear(Display display) {
    display.update(List.of(), 0);
  }
}
