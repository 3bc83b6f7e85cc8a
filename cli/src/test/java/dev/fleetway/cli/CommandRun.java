package dev.fleetway.cli;

import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.output.Terminals;
import dev.fleetway.cli.testing.Ran;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** Runs a command in this process, at a fixed time in a fixed zone. */
public final class CommandRun {
  /** What time it is for every command in a test. */
  public static final Instant NOW = Instant.parse("2026-11-21T18:00:00Z");

  private final Terminals terminals;
  private final String input;

  private CommandRun(Terminals terminals, String input) {
    this.terminals = terminals;
    this.input = input;
  }

  /** As in a pipeline: no terminal, nothing on stdin. */
  public static CommandRun piped() {
    return new CommandRun(Terminals.NONE, "");
  }

  /** As in front of a person who answers this. */
  public static CommandRun answering(String input) {
    return new CommandRun(new Terminals(true, false, true, false, false), input);
  }

  /** Runs it and captures what it says. */
  public Ran run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new BufferedReader(new StringReader(input)),
            terminals,
            Clock.fixed(NOW, ZoneId.of("Europe/Berlin")));
    int exitCode;
    try (Session session = new Session(console)) {
      exitCode = Fleetway.commandLine(session).execute(arguments);
    }
    return new Ran(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
