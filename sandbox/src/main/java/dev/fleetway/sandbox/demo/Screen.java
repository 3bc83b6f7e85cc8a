package dev.fleetway.sandbox.demo;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What the demo says, with colours where a terminal shows them. */
final class Screen {
  private static final int PARAGRAPH_WIDTH = 110;

  private final PrintStream out;
  private final Ansi ansi;
  private final Clock clock;
  private final Instant start;

  Screen(PrintStream out, boolean terminal, Clock clock) {
    this.out = out;
    this.ansi = terminal ? Ansi.ON : Ansi.OFF;
    this.clock = clock;
    this.start = clock.instant();
  }

  boolean isTerminal() {
    return ansi == Ansi.ON;
  }

  PrintStream stream() {
    return out;
  }

  /** A step of the story, with the time since the start. */
  void step(String text) {
    Duration since = Duration.between(start, clock.instant());
    out.println();
    String time = String.format(Locale.ROOT, "%5.1fs", since.toMillis() / 1000.0);
    out.println(ansi.string("@|faint " + time + "|@ @|bold " + escaped(text) + "|@"));
  }

  void line(String text) {
    out.println("       " + text);
  }

  /** A long text in lines of readable length. */
  void paragraph(String text) {
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() >= PARAGRAPH_WIDTH) {
        line(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    line(line.toString());
  }

  void command(String text) {
    out.println("       " + ansi.string("@|cyan $ " + escaped(text) + "|@"));
  }

  void good(String text) {
    out.println("       " + ansi.string("@|green " + escaped(text) + "|@"));
  }

  void bad(String text) {
    out.println("       " + ansi.string("@|red " + escaped(text) + "|@"));
  }

  /** Rows under headings, as kubectl prints them. */
  void table(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 3));
      }
      line(text.toString().stripTrailing());
    }
  }

  /** The markup of picocli ends at a bar and an at sign; nothing here needs them. */
  private static String escaped(String text) {
    return text.replace("|@", "| @").replace("@|", "@ |");
  }
}
