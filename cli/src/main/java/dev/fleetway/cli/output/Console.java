package dev.fleetway.cli.output;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** stdout for data, stderr for talk, stdin for an answer, and the time. */
public final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final BufferedReader in;
  private final Terminals terminals;
  private final Clock clock;

  /**
   * @param clock what time it is, in the zone in which people read it
   */
  public Console(
      PrintStream out, PrintStream err, BufferedReader in, Terminals terminals, Clock clock) {
    this.out = out;
    this.err = err;
    this.in = in;
    this.terminals = terminals;
    this.clock = clock;
  }

  /** A line, or several, of the answer. */
  public void data(String text) {
    out.println(text);
    out.flush();
  }

  /** A line of the answer in which picocli's markup, such as {@code @|bold …|@}, is a colour. */
  public void styledData(String markup) {
    data(dataStyle().string(markup));
  }

  /** A line for the person in front of it, never part of the answer. */
  public void talk(String markup) {
    err.println(talkStyle().string(markup));
    err.flush();
  }

  /** Something that a person should know before relying on the answer. */
  public void warn(String text) {
    talk("@|yellow warning:|@ " + Markup.plain(text));
  }

  /** The stream of the answer, for what writes streams. */
  public PrintStream out() {
    return out;
  }

  /** The stream of the talk. */
  public PrintStream err() {
    return err;
  }

  public Terminals terminals() {
    return terminals;
  }

  /** Colours on stdout, or none. */
  public Ansi dataStyle() {
    return terminals.out() && terminals.colour() ? Ansi.ON : Ansi.OFF;
  }

  private Ansi talkStyle() {
    return terminals.err() && terminals.colour() ? Ansi.ON : Ansi.OFF;
  }

  public Instant now() {
    return clock.instant();
  }

  /** The zone in which people read times. */
  public ZoneId zone() {
    return clock.getZone();
  }

  /** A time as people here read it, with its zone. */
  public String time(Instant time) {
    return Times.local(time, clock.getZone());
  }

  /** Can a question be asked and answered? */
  public boolean canAsk() {
    return terminals.in() && terminals.err();
  }

  /** Asks; only y and yes are a yes. */
  public boolean confirm(String question) {
    err.print(question + " [y/N] ");
    err.flush();
    try {
      String answer = in.readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
