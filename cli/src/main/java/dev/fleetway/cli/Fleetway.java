package dev.fleetway.cli;

import dev.fleetway.cli.command.CommandFactory;
import dev.fleetway.cli.command.Failures;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.connect.GlobalOptions;
import dev.fleetway.cli.migration.MigrationsCommand;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.output.Terminals;
import dev.fleetway.cli.run.AbortCommand;
import dev.fleetway.cli.run.FailuresCommand;
import dev.fleetway.cli.run.PlanCommand;
import dev.fleetway.cli.run.PromoteCommand;
import dev.fleetway.cli.run.ReportCommand;
import dev.fleetway.cli.run.ResumeCommand;
import dev.fleetway.cli.run.RetryCommand;
import dev.fleetway.cli.run.RunCommand;
import dev.fleetway.cli.run.RunsCommand;
import dev.fleetway.cli.run.StatusCommand;
import dev.fleetway.cli.run.SuspendCommand;
import dev.fleetway.cli.run.WaitCommand;
import dev.fleetway.cli.tenant.CheckCodeVersionCommand;
import dev.fleetway.cli.tenant.TenantsCommand;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of all commands, and the program's entrance. */
@Command(
    name = "fleetway",
    description = {
      "Rolls schema migrations over a fleet of tenant databases: starts, watches, steers and reports"
          + " runs, and looks after tenants.",
      "It reads and writes the resources of fleetway.dev and nothing else: whatever it does can be"
          + " done with kubectl too.",
      ""
    },
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      StatusCommand.class,
      WaitCommand.class,
      FailuresCommand.class,
      ReportCommand.class,
      SuspendCommand.class,
      ResumeCommand.class,
      PromoteCommand.class,
      AbortCommand.class,
      RetryCommand.class,
      RunsCommand.class,
      TenantsCommand.class,
      CheckCodeVersionCommand.class,
      MigrationsCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
    },
    footer = {
      "",
      "Example:",
      "  fleetway run v112 --bundle ./migrations --cohort-sizes 1,10,100 --wait",
      ""
    })
public final class Fleetway implements Runnable {
  private static final int HELP_WIDTH = 100;
  private static final int LONG_OPTION_WIDTH = 30;

  // picocli writes to it, the session reads it
  @SuppressWarnings("UnusedVariable")
  @Mixin
  private final GlobalOptions options;

  @Spec private CommandSpec spec;

  Fleetway(Session session) {
    this.options = session.options();
  }

  /** The program. */
  public static void main(String[] arguments) {
    Console console = console();
    int code;
    try (Session session = new Session(console)) {
      code = commandLine(session).execute(arguments);
    }
    System.exit(code);
  }

  private static Console console() {
    // JDK 17 writes in the encoding of the locale, which a pod does not have.
    return new Console(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
        Terminals.found(System.getProperty(Terminals.PROPERTY, ""), System.getenv()),
        Clock.system(ZoneId.systemDefault()));
  }

  /** All commands of one session, with the manners that they share. */
  static CommandLine commandLine(Session session) {
    Failures failures = new Failures(session);
    Console console = session.console();
    CommandLine line = new CommandLine(new Fleetway(session), new CommandFactory(session));
    HelpText.shapeAll(line);
    return line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(Help.defaultColorScheme(console.dataStyle()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH)
        .setUsageHelpLongOptionsMaxWidth(LONG_OPTION_WIDTH)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }
}
